import type { MessageView } from "../../store/model";
import { t } from "../i18n";

/** Each part only when it is true; the last is the furthest that the message has got. */
export function reachWords({ reach, state }: MessageView): readonly string[] {
  if (reach === null || state === "queued") return [];
  const { arrived, readable, read, of } = reach;
  if (of > 0 && read === of) return [t("reach.read_all")];
  const parts: string[] = [];
  if (readable > 0) parts.push(t("reach.readable", { n: readable, of }));
  if (read > 0) parts.push(t("reach.read", { n: read }));
  if (parts.length === 0) parts.push(t(arrived > 0 ? "state.arrived" : "state.sent"));
  return parts;
}
