/** The small world of tests/vectors/README.md, in which every case is built, signed and judged. */
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import type { DeviceKeys } from "../../src/crypto/device";
import { writeHeader } from "../../src/crypto/entries";
import type { EpochFields } from "../../src/crypto/epochs";
import { writeEpoch } from "../../src/crypto/epochs";
import { H } from "../../src/crypto/hashing";
import { signObject } from "../../src/crypto/objects";
import type { Change, Row } from "../../src/crypto/roster";
import { inOrder } from "../../src/crypto/roster";
import { codeOf, Ledger, present, suspension } from "./cast";

export type TableWorld = {
  readonly log: (name: string, statements: number) => crypto.KeyLog;
  readonly device: (name: string) => DeviceKeys;
};
type Name = "anna" | "bruno" | "chloe" | "dora";
type Rows = readonly Row[];
type Deed = { readonly rows: Rows; readonly change: readonly Change[] };

const ZERO = crypto.asHash(new Uint8Array(32));
const MAKERS = ["anna-1", "anna-2", "anna-paper", "bruno-1", "chloe-1", "dora-1"] as const;
const NAMES: readonly Name[] = ["anna", "bruno", "chloe", "dora"];
const KNOWN: { readonly [N in Name]: number } = { anna: 6, bruno: 3, chloe: 3, dora: 3 };
const STATES = [0, 1, 2, 3, 4, 5] as const;

const nameOf = (device: string): Name => present(NAMES.find((name) => device.startsWith(name)));
const timeAt = (place: number): number => 1000 + place;

export class Table {
  readonly #world: TableWorld;
  readonly #logs: { readonly [N in Name]: crypto.KeyLog };

  constructor(world: TableWorld) {
    this.#world = world;
    const log = (name: Name) => world.log(name, KNOWN[name]);
    this.#logs = { anna: log("anna"), bruno: log("bruno"), chloe: log("chloe"), dora: log("dora") };
  }

  epochs(): readonly string[] {
    const codes: string[] = [];
    for (const state of STATES) {
      const ledger = this.#state(state);
      for (const maker of MAKERS)
        for (const head of [2, 3, 4, 5])
          for (let deed = 0; deed < 12; deed++)
            for (const lie of [0, 1, 2])
              codes.push(codeOf(ledger.look(this.#candidate(ledger, maker, head, deed, lie))));
    }
    return codes;
  }

  messages(): readonly string[] {
    const codes: string[] = [];
    for (const state of STATES) {
      const ledger = this.#state(state);
      const { epoch, seq } = present(ledger.current);
      const seen = { n: seq, hash: present(ledger.hashAt(seq)) };
      ledger.append(
        this.#message("bruno", "bruno-1", epoch, { number: epoch.number, hash: epoch.hash, seen, client: 2 }),
      );
      for (const person of NAMES)
        for (const device of MAKERS)
          for (const under of underOf(epoch))
            for (const seen of seenOf(ledger, seq))
              for (const client of [1, 2])
                codes.push(
                  codeOf(ledger.look(this.#message(person, device, epoch, { ...under, seen, client }))),
                );
    }
    return codes;
  }

  #state(state: number): Ledger {
    const first = this.#first();
    const ledger = new Ledger(crypto.asConversationId(crypto.objectHash(first)), Object.values(this.#logs));
    const { anna, bruno } = this.#logs;
    const suspend = (log: crypto.KeyLog) => () =>
      suspension(ledger.conversation, log.chain, timeAt(ledger.next));
    const deed = (number: number) => () => this.#candidate(ledger, "anna-1", 4, number, 0);
    const [pause, resume, replace] = [deed(2), deed(4), deed(5)];
    const steps = [
      [],
      [suspend(bruno)],
      [suspend(bruno), pause],
      [suspend(bruno), pause, resume],
      [replace],
      [suspend(anna)],
    ];
    for (const make of [() => first, ...present(steps[state])]) {
      const verdict = codeOf(ledger.append(make()));
      if (verdict !== "accepted") throw new Error(`state ${state}: ${verdict}`);
    }
    return ledger;
  }

  #first(): Uint8Array {
    const at = timeAt(1);
    const by = this.#logs.anna.chain;
    const rows = [this.#row("anna", 4, by, at), this.#row("bruno", 2, by, at)];
    const founding = { kind: "direct", organisation: new Uint8Array(16), patient: null };
    const place = { conversation: null, number: 0, prev: null, seen: null, founding, at };
    return this.#sign("anna-1", place, { rows, change: [] }, 0);
  }

  #row(name: Name, n: number, by: crypto.ChainId, since: number): Row {
    const standing = { kind: "professional", role: "coordinator", paused: false, wrap: null } as const;
    return { ...standing, ...this.#headOf(name, n), by, since };
  }

  #headOf(name: Name, n: number) {
    const log = this.#logs[name];
    const generation = present(crypto.generationAt(log, n)).generation;
    return { chain: log.chain, head: { n, hash: present(crypto.hashAt(log, n)) }, generation };
  }

  #candidate(ledger: Ledger, maker: string, head: number, deed: number, lie: number): Uint8Array {
    const { epoch } = present(ledger.current);
    const at = timeAt(ledger.next);
    const place = {
      conversation: epoch.conversation,
      number: epoch.number + 1,
      prev: epoch.hash,
      seen: ledger.place,
    };
    const isAnna = (row: Row) => crypto.sameBytes(row.chain, this.#logs.anna.chain);
    const rows = epoch.roster.map((row) => (isAnna(row) ? { ...row, ...this.#headOf("anna", head) } : row));
    const chloe = this.#row("chloe", 2, this.#logs[nameOf(maker)].chain, at);
    const done = new Deeds(this.#logs, rows, chloe).do(deed);
    return this.#sign(maker, { ...place, founding: epoch.founding, at }, done, lie);
  }

  #sign(
    maker: string,
    place: Omit<EpochFields, "roster" | "change" | "secret_commit" | "retention">,
    { rows, change }: Deed,
    lie: number,
  ): Uint8Array {
    const wrapOf = (row: Row) => H(["sealed-wrap", row.chain]);
    const ascending = [...rows].sort((a, b) => crypto.compareBytes(a.chain, b.chain));
    const wrapped = ascending.map((row) => ({ ...row, wrap: row.paused ? null : wrapOf(row) }));
    const roster = wrapped.map((row, i) => {
      if (lie === 1 && i === 0) return { ...row, generation: row.generation + 1 };
      if (lie === 2 && i === wrapped.length - 1)
        return { ...row, wrap: row.wrap === null ? wrapOf(row) : null };
      return row;
    });
    const secret_commit = H(["epoch", place.number, place.prev, ZERO]);
    const fields = { ...place, roster, change: inOrder(change), secret_commit, retention: null };
    return signObject("epoch", writeEpoch(fields), this.#world.device(maker));
  }

  #message(person: Name, device: string, epoch: crypto.Epoch, altered: Altered): Uint8Array {
    const keys = this.#world.device(device);
    const log = this.#logs[person];
    const header = writeHeader({
      conversation: epoch.conversation,
      epoch: altered.number,
      epochHash: altered.hash,
      person: log.chain,
      device: keys.id,
      deviceSeq: 1,
      prevOwn: null,
      seen: altered.seen,
      head: { n: 2, hash: present(crypto.hashAt(log, 2)) },
      clientId: crypto.asClientId(new Uint8Array(16).fill(altered.client)),
    });
    return signObject("message", encode({ header, commit: ZERO, body: new Uint8Array(40) }), keys);
  }
}

type Under = { readonly number: number; readonly hash: crypto.Hash };
type Altered = Under & { readonly seen: crypto.Position; readonly client: number };

function underOf(epoch: crypto.Epoch): readonly Under[] {
  const before =
    epoch.prev === null ? { number: 7, hash: ZERO } : { number: epoch.number - 1, hash: epoch.prev };
  return [{ number: epoch.number, hash: epoch.hash }, before];
}

function seenOf(ledger: Ledger, place: number): readonly crypto.Position[] {
  const there = (n: number) => ({ n, hash: present(ledger.hashAt(n)) });
  const { n: head } = ledger.place;
  return [there(place - 1), there(place), there(head), { n: head + 1, hash: ZERO }, { n: place, hash: ZERO }];
}

class Deeds {
  readonly #logs: { readonly [N in Name]: crypto.KeyLog };
  readonly #rows: Rows;
  readonly #chloe: Row;
  constructor(logs: { readonly [N in Name]: crypto.KeyLog }, rows: Rows, chloe: Row) {
    this.#logs = logs;
    this.#rows = rows;
    this.#chloe = chloe;
  }
  do(deed: number): Deed {
    const { anna, bruno } = this.#logs;
    const deeds = [
      () => ({ rows: this.#rows, change: [] }),
      () => this.#pause(anna, true),
      () => this.#pause(bruno, true),
      () => this.#pause(anna, false),
      () => this.#pause(bruno, false),
      () => this.#replace(bruno),
      () => this.#replace(anna),
      () => this.#add(this.#rows, []),
      () => this.#remove(bruno),
      () => this.#demote(bruno),
      () => ({ ...this.#pause(bruno, true), change: [] }),
      () => {
        const { rows, change } = this.#remove(bruno);
        return this.#add(rows, change);
      },
    ];
    return present(deeds[deed])();
  }
  #has(rows: Rows, chain: crypto.ChainId): boolean {
    return crypto.rowOf(rows, chain) !== null;
  }
  #change(log: crypto.KeyLog, part: Partial<Row>): Rows {
    return this.#rows.map((row) => (crypto.sameBytes(row.chain, log.chain) ? { ...row, ...part } : row));
  }
  #pause(log: crypto.KeyLog, paused: boolean): Deed {
    const row = crypto.rowOf(this.#rows, log.chain);
    const act = paused ? ("pause" as const) : ("resume" as const);
    const change: readonly Change[] = row === null || row.paused === paused ? [] : [[act, log.chain]];
    return { rows: this.#change(log, { paused }), change };
  }
  #replace(log: crypto.KeyLog): Deed {
    if (!this.#has(this.#rows, log.chain) || this.#has(this.#rows, this.#chloe.chain))
      return { rows: this.#rows, change: [] };
    const { chain, head, generation, by, since } = this.#chloe;
    return {
      rows: this.#change(log, { chain, head, generation, by, since }),
      change: [["replace", log.chain, chain]],
    };
  }
  #add(rows: Rows, change: readonly Change[]): Deed {
    if (this.#has(rows, this.#chloe.chain)) return { rows, change };
    return { rows: [...rows, this.#chloe], change: [...change, ["add", this.#chloe.chain]] };
  }
  #remove(log: crypto.KeyLog): Deed {
    if (!this.#has(this.#rows, log.chain)) return { rows: this.#rows, change: [] };
    return {
      rows: this.#rows.filter((row) => !crypto.sameBytes(row.chain, log.chain)),
      change: [["remove", log.chain]],
    };
  }
  #demote(log: crypto.KeyLog): Deed {
    const row = crypto.rowOf(this.#rows, log.chain);
    const change: readonly Change[] =
      row === null || row.role === "member" ? [] : [["role", log.chain, "member"]];
    return { rows: this.#change(log, { role: "member" }), change };
  }
}
