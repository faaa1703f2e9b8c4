import type { KeyLog } from "../crypto";
import { asChainId, fold, fromText, Refused, sameBytes } from "../crypto";
import type { OwnKeys } from "../protocol";
import type { Api } from "../sync";
import { CommandError } from "./commands";
import { leadsTo } from "./keylogs";

type OwnLog = {
  readonly log: KeyLog;
  readonly statements: readonly Uint8Array[];
  readonly seeds: OwnKeys["seeds"];
};

/** H9: one's own key log before any device of this browser is in it, page by page, each judged before the next. */
export async function ownLog(api: Pick<Api, "ownKeys">): Promise<OwnLog> {
  const statements: Uint8Array[] = [];
  for (let log: KeyLog | null = null; ;) {
    const page = await api.ownKeys(statements.length - 1);
    log = continued(log, page);
    statements.push(...page.statements.map(fromText));
    if (page.head?.n === log.head.n) return { log, statements, seeds: page.seeds };
  }
}

// A log that the host altered: nothing is signed on it.
function continued(known: KeyLog | null, { chain, head, statements }: OwnKeys): KeyLog {
  try {
    const log = fold(statements.map(fromText), known);
    const isOurs = chain !== null && sameBytes(log.chain, asChainId(fromText(chain)));
    if (!isOurs || head === null || !leadsTo(log, { head, statements })) throw new Refused("bad_chain");
    return log;
  } catch (error) {
    if (error instanceof Refused || error instanceof RangeError) throw new CommandError("not_allowed");
    throw error;
  }
}
