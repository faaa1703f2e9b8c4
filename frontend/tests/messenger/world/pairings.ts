/** The routes of one's devices, as an honest host answers them (H15 to H17). */
import { activeDevices, fromText, standsAtOnce, toText } from "../../../src/crypto";
import type { AnswerPairing, AppendKeys, OfferPairing, Pairing } from "../../../src/protocol";
import type { TestPerson, TestSession } from "./host";
import { Says } from "./host";

type Row = Pairing & {
  readonly name: string;
  readonly from: TestSession;
  readonly offer: OfferPairing;
  readonly at: number;
};
const WORDS = { browser: "firefox", platform: "windows" } as const;
const NOTHING = { map: null, sealed: null, mac: null, device: null, countersign: null };

export class Pairings {
  readonly #rows = new Map<string, Row>();
  readonly #removals = new Map<string, number>();
  readonly #now: () => number;
  /** Sessions that gave no second factor of late. */
  readonly stale = new Set<TestSession>();

  constructor(now: () => number) {
    this.#now = now;
  }

  serve(session: TestSession, name: string, body: unknown, query: string): object | null {
    const { person } = session;
    switch (name) {
      case "GET /api/devices":
        return this.#devices(person);
      case "POST /api/pairing/offer":
        return this.#offer(session, body as OfferPairing);
      case "POST /api/pairing/take":
        return this.#take(person);
      case "POST /api/pairing/answer":
        return this.#answer(session, body as AnswerPairing);
      case "POST /api/pairing/countersign":
        return this.#move(person, "answered", { ...(body as object), state: "countersigned" });
      case "POST /api/pairing/drop":
        return this.#change(person, { ...NOTHING, state: "over" });
      case "GET /api/pairing":
        return this.#seen(person, query);
      case "POST /api/keys/paper/remove":
        this.#removals.set((body as { device: string }).device, this.#now() + 72 * 3600);
        return {};
      case "POST /api/keys/paper/keep":
        this.#removals.delete((body as { device: string }).device);
        return {};
    }
    return null;
  }

  /** K19. */
  check({ log }: TestPerson, { statements, consent }: AppendKeys): void {
    const last = statements.at(-1);
    if (log === null || last === undefined || statements.length !== 1) return;
    const signed = consent === null ? null : (fromText(consent) as Parameters<typeof standsAtOnce>[2]);
    const due = [...this.#removals.values()].some((time) => time <= this.#now());
    if (!due && !standsAtOnce(log, fromText(last), signed)) throw new Says("paper_protected");
  }

  #devices({ log }: TestPerson): object {
    const listed = log === null ? [] : activeDevices(log);
    return {
      devices: listed.map(({ id, sort, at }) => ({
        device: toText(id),
        added_at: at,
        last_used: sort === "browser" ? this.#now() : null,
        browser: sort === "browser" ? WORDS.browser : null,
        platform: sort === "browser" ? WORDS.platform : null,
      })),
      removals: [...this.#removals].map(([device, due]) => ({ device, due })),
    };
  }

  #offer(from: TestSession, offer: OfferPairing): object {
    const name = "0".repeat(32);
    const at = this.#now();
    this.#rows.set(from.person.id, { ...NOTHING, state: "open", name, from, offer, at });
    return { pairing: name, until: at + 600 };
  }

  #take(person: TestPerson): object {
    const { offer, name, at } = this.#row(person, "open");
    this.#change(person, { state: "taken" });
    return { pairing: name, ...offer, ...WORDS, at };
  }

  #answer(session: TestSession, { map, sealed, mac }: AnswerPairing): object {
    if (this.stale.has(session)) throw new Says("fresh_factor_needed");
    return this.#move(session.person, "taken", {
      state: "answered",
      map,
      sealed,
      mac,
      device: session.device,
    });
  }

  #seen(person: TestPerson, name: string): object {
    const row = this.#rows.get(person.id);
    if (row?.name !== name) throw new Says("not_found");
    const { state, map, sealed, mac, device, countersign } = row;
    return { state, map, sealed, mac, device, countersign };
  }

  #row(person: TestPerson, state: Pairing["state"]): Row {
    const row = this.#rows.get(person.id);
    if (row?.state !== state || this.#now() >= row.at + 600) throw new Says("not_found");
    return row;
  }

  #move(person: TestPerson, state: Pairing["state"], change: Partial<Pairing>): object {
    this.#row(person, state);
    return this.#change(person, change);
  }

  #change(person: TestPerson, change: Partial<Pairing>): object {
    const row = this.#rows.get(person.id);
    if (row !== undefined) this.#rows.set(person.id, { ...row, ...change });
    return {};
  }
}
