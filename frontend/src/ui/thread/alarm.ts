import type { Alarm, AlarmKind } from "../../store/model";
import { t } from "../i18n";

export type AlarmWords = { readonly title: string; readonly what: string; readonly advice: string };

/** What was kept back, and what a member closed badly, is no forgery. */
type Told = AlarmKind | "entry_withheld" | "entry_unopened";

const ADVICE: Readonly<Record<Told, "call" | "check" | "tell" | "leave" | "wait">> = {
  restored: "wait",
  log_rolled_back: "tell",
  log_forked: "call",
  entry_refused: "call",
  entry_withheld: "tell",
  entry_unopened: "tell",
  wrap_withheld: "tell",
  identity_changed: "check",
  renamed: "check",
  key_log_refused: "call",
  device_revoked_since: "check",
  added_by_another: "check",
  profile_copied: "leave",
};

function toldOf({ kind, cause }: Alarm): Told {
  if (kind !== "entry_refused") return kind;
  if (cause === "removed_by_host") return "entry_withheld";
  return cause === "not_for_me" ? "entry_unopened" : kind;
}

function titleOf(kind: Told, name: string): string {
  if (kind === "identity_changed" || kind === "renamed" || kind === "added_by_another")
    return t(`alarm.${kind}`, { name });
  return t(`alarm.${kind}`);
}

function whatOf(kind: Told, name: string): string {
  if (kind === "log_rolled_back" || kind === "identity_changed") return t(`alarm.${kind}_what`);
  if (kind === "renamed" || kind === "added_by_another") return t(`alarm.${kind}_what`);
  if (kind === "entry_withheld" || kind === "entry_unopened") return t(`alarm.${kind}_what`);
  if (kind === "profile_copied" || kind === "restored") return t(`alarm.${kind}_what`);
  return t(`alarm.${kind}_what`, { name });
}

function adviceOf(kind: Told, name: string): string {
  const advice = ADVICE[kind];
  return advice === "call" || advice === "check" ? t(`alarm.${advice}`, { name }) : t(`alarm.${advice}`);
}

/** What happened, what did not, and what to do: for the one thing that a person must refuse. */
export function alarmWords(alarm: Alarm, name: string): AlarmWords {
  const told = toldOf(alarm);
  return { title: titleOf(told, name), what: whatOf(told, name), advice: adviceOf(told, name) };
}
