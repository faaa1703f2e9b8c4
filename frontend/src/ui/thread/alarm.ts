import type { Alarm, AlarmKind } from "../../store/model";
import { t } from "../i18n";

export type AlarmWords = { readonly title: string; readonly what: string; readonly advice: string };

const ADVICE: Readonly<Record<AlarmKind, "call" | "check" | "tell">> = {
  log_rolled_back: "tell",
  log_forked: "call",
  entry_refused: "call",
  wrap_withheld: "tell",
  identity_changed: "check",
  renamed: "check",
  key_log_refused: "call",
  device_revoked_since: "check",
  added_by_another: "check",
};

function titleOf(kind: AlarmKind, name: string): string {
  if (kind === "identity_changed" || kind === "renamed" || kind === "added_by_another")
    return t(`alarm.${kind}`, { name });
  return t(`alarm.${kind}`);
}

function whatOf(kind: AlarmKind, name: string): string {
  if (kind === "log_rolled_back" || kind === "identity_changed") return t(`alarm.${kind}_what`);
  if (kind === "renamed" || kind === "added_by_another") return t(`alarm.${kind}_what`);
  return t(`alarm.${kind}_what`, { name });
}

function adviceOf(kind: AlarmKind, name: string): string {
  const advice = ADVICE[kind];
  return advice === "tell" ? t("alarm.tell") : t(`alarm.${advice}`, { name });
}

/** What happened, what did not, and what to do: for the one thing that a person must refuse. */
export function alarmWords(alarm: Alarm, name: string): AlarmWords {
  return {
    title: titleOf(alarm.kind, name),
    what: whatOf(alarm.kind, name),
    advice: adviceOf(alarm.kind, name),
  };
}
