import type { ChainId, KeyLog } from "../crypto";
import { fold, fromText, Refused, refoldJudged, sameBytes, tellStatement, toText } from "../crypto";
import type { KeyLog as Served } from "../protocol";
import type { Api } from "../sync";
import { HostRefused } from "../sync";
import type { Change, Vault } from "../vault";
import type { ServerHistory } from "./history";
import { Queue } from "./queue";
import { put, unpack } from "./records";

/** `refused`: what the host gave does not continue what is known here (K15). `absent`: it gave nothing, and nothing is known. */
export type Fetched = "fits" | "refused" | "absent";

/** The key logs once judged here. What is kept is the pin: nothing shorter and nothing else is ever taken. */
export class KeyLogs {
  readonly #api: Pick<Api, "keyLog" | "giveBackKeys">;
  readonly #vault: Vault;
  readonly #history: Pick<ServerHistory, "id" | "takesBack">;
  readonly #logs = new Map<string, KeyLog>();
  readonly #statements = new Map<string, readonly Uint8Array[]>();
  readonly #queues = new Map<string, Queue>();
  readonly #waiting = new Map<string, Promise<Fetched>>();

  constructor(
    api: Pick<Api, "keyLog" | "giveBackKeys">,
    vault: Vault,
    history: Pick<ServerHistory, "id" | "takesBack">,
  ) {
    this.#api = api;
    this.#vault = vault;
    this.#history = history;
  }

  async load(): Promise<void> {
    for (const { id, bytes } of await this.#vault.list("keylogs")) {
      const statements = inPlace(unpack<readonly Uint8Array[]>(bytes));
      this.#statements.set(id, statements);
      this.#logs.set(id, refoldJudged(statements));
    }
  }

  get(chain: ChainId): KeyLog | null {
    return this.#logs.get(toText(chain)) ?? null;
  }

  statementsOf(chain: ChainId): readonly Uint8Array[] {
    return this.#statements.get(toText(chain)) ?? [];
  }

  /**
   * Brings a log to the host's head, if that continues what is known. One at a time: a page continues what was known
   * when it was asked for. Whoever comes while one waits its turn shares it. Throws HostSilent.
   */
  refresh(chain: ChainId): Promise<Fetched> {
    const id = toText(chain);
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) return waiting;
    const queue = this.#queues.get(id) ?? new Queue();
    this.#queues.set(id, queue);
    const asked = queue.run(() => {
      this.#waiting.delete(id);
      return this.#refresh(chain);
    });
    this.#waiting.set(id, asked);
    return asked;
  }

  async #refresh(chain: ChainId): Promise<Fetched> {
    for (let hasGiven = false; ;) {
      const known = this.get(chain);
      const served = await this.#served(chain, known?.head.n ?? -1);
      if (served === null) return known === null ? "absent" : "refused";
      if (!hasGiven && isShortened(known, served) && this.#history.takesBack) {
        hasGiven = true;
        if (await this.#giveBack(chain, served.head.n)) continue;
      }
      const log = continued(known, served.statements);
      if (log === null || !sameBytes(log.chain, chain) || !leadsTo(log, served)) return "refused";
      if (served.statements.length > 0) await this.#keep(log, served.statements.map(fromText));
      if (log.head.n === served.head.n) return "fits";
    }
  }

  /** T6: a restored host has less of it than is known here. */
  async #giveBack(chain: ChainId, after: number): Promise<boolean> {
    const { id: history } = this.#history;
    const given = this.statementsOf(chain)
      .slice(after + 1)
      .map(toText);
    if (history === null) return false;
    try {
      for (const [first, statements] of parts(given, after))
        await this.#api.giveBackKeys({ history, chain: toText(chain), after: first, statements, seeds: [] });
      return true;
    } catch (error) {
      if (error instanceof HostRefused) return false;
      throw error;
    }
  }

  static change(log: KeyLog, statements: readonly Uint8Array[]): Change {
    return put("keylogs", toText(log.chain), statements);
  }

  async #keep(log: KeyLog, statements: readonly Uint8Array[]): Promise<void> {
    const id = toText(log.chain);
    const whole = [...(this.#statements.get(id) ?? []), ...statements];
    // It is read back without being judged: nothing is kept that would read back as another log.
    if (whole.length !== log.head.n + 1) throw new RangeError("a key log is kept whole");
    await this.#vault.commit([KeyLogs.change(log, whole)]);
    this.#statements.set(id, whole);
    this.#logs.set(id, log);
  }

  async #served(chain: ChainId, after: number): Promise<Served | null> {
    try {
      return await this.#api.keyLog(toText(chain), after);
    } catch (error) {
      if (error instanceof HostRefused && error.code === "not_found") return null;
      throw error;
    }
  }
}

/** A few statements of 16 KiB at a time. */
const AT_A_TIME = 40;

function* parts(
  statements: readonly string[],
  after: number,
): Generator<readonly [number, readonly string[]]> {
  for (let n = 0; n < statements.length; n += AT_A_TIME)
    yield [after + n, statements.slice(n, n + AT_A_TIME)];
}

/** Less than is known, and as far as it goes the same. */
function isShortened(known: KeyLog | null, { head, statements }: Served): boolean {
  const hash = known?.hashes[head.n];
  const isLess = known !== null && head.n < known.head.n && statements.length === 0;
  return isLess && hash !== undefined && toText(hash) === head.hash;
}

/** Earlier clients could keep a page twice; what lies after it is asked for again. */
const inPlace = (statements: readonly Uint8Array[]): readonly Uint8Array[] =>
  statements.filter((statement, n) => tellStatement(statement).n === n);

function continued(known: KeyLog | null, statements: readonly string[]): KeyLog | null {
  if (statements.length === 0) return known;
  try {
    return fold(statements.map(fromText), known);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

/** At the head that the host names, or on the way there with a page (H9); one that brings nothing leads nowhere. */
export const leadsTo = (log: KeyLog, { head, statements }: Served): boolean =>
  log.head.n === head.n ? toText(log.head.hash) === head.hash : log.head.n < head.n && statements.length > 0;
