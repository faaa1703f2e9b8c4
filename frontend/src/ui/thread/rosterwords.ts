import type { ChangeView } from "../../store/model";
import { t } from "../i18n";

export type Namer = {
  readonly name: (id: string | null) => string;
  readonly isMe: (id: string | null) => boolean;
};

/** One sentence a change; `by` is who signed it. */
export function changeWords(change: ChangeView, by: string | null, who: Namer): string {
  const name = who.name(change.person);
  const me = who.isMe(change.person);
  switch (change.event) {
    case "left":
      return me ? t("roster.left_you") : t("roster.left", { name });
    case "paused":
      return me ? t("roster.paused_you") : t("roster.paused", { name });
    case "took_role":
      return me ? t("roster.took_role_you") : t("roster.took_role", { name });
    case "role":
      return change.person === by && change.role === "member"
        ? ownStep(me, name)
        : deedWords(change.role, { name, me, by }, who);
    default:
      return deedWords(change.event, { name, me, by }, who);
  }
}

const ownStep = (me: boolean, name: string): string =>
  me ? t("roster.member_self_you") : t("roster.member_self", { name });

type Deed = "added" | "removed" | "resumed" | "coordinator" | "member";
type Whom = { readonly name: string; readonly me: boolean; readonly by: string | null };

/** Somebody did something to somebody: either may be the person who reads. */
function deedWords(deed: Deed, { name, me, by }: Whom, who: Namer): string {
  if (who.isMe(by)) return t(`roster.${deed}_by_you`, { name });
  return me ? t(`roster.${deed}_you`, { by: who.name(by) }) : t(`roster.${deed}`, { by: who.name(by), name });
}
