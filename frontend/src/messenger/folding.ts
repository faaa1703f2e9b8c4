/** M11, M12: what later messages make of an earlier one. Places decide, so the order in which they open does not. */
import { sameBytes } from "../crypto";
import type { EntryRecord, Reaction, ShownText } from "./records";

type Act = Pick<EntryRecord, "seq" | "at" | "sender" | "shown">;

/** The target as it is shown after this act, or `null` where the act counts for nothing. */
export function folded(target: EntryRecord, act: Act): EntryRecord | null {
  if (act.shown.kind !== "act" || act.sender === null) return null;
  if (!target.accepted || target.shown.kind !== "text" || target.sender === null) return null;
  if (target.seq >= act.seq) return null;
  const { shown } = target;
  const isOwn = sameBytes(target.sender, act.sender);
  const said = act.shown.act;
  if (said.kind === "react")
    return changed(target, reacted(shown, { chain: act.sender, sign: said.sign, seq: act.seq }));
  if (!isOwn || isOver(shown, act.seq)) return null;
  const place = { seq: act.seq, at: act.at };
  if (said.kind === "retract") return changed(target, { ...shown, retracted: place });
  if (shown.edited !== null && shown.edited.seq >= act.seq) return null;
  return changed(target, { ...shown, text: said.text, mentions: said.mentions, edited: place });
}

const changed = (target: EntryRecord, shown: ShownText | null): EntryRecord | null =>
  shown === null ? null : { ...target, shown };

/** Taken back before: nothing counts any more. */
const isOver = ({ retracted }: ShownText, seq: number): boolean => retracted !== null && retracted.seq < seq;

function reacted(shown: ShownText, reaction: Reaction): ShownText | null {
  const isTheirs = ({ chain }: Reaction) => sameBytes(chain, reaction.chain);
  const before = shown.reactions.find(isTheirs);
  if (isOver(shown, reaction.seq) || (before !== undefined && before.seq >= reaction.seq)) return null;
  return { ...shown, reactions: [...shown.reactions.filter((one) => !isTheirs(one)), reaction] };
}
