import { t } from "../i18n";

type Row = { readonly label: string; readonly keys: readonly string[] };
export type ShortcutGroup = { readonly title: string; readonly rows: readonly Row[] };

/** What the help dialog lists: the keys of `home/shortcuts` and of the message list. */
export function shortcutGroups(): readonly ShortcutGroup[] {
  return [
    { title: t("keys.everywhere"), rows: everywhere() },
    { title: t("keys.messages"), rows: messages() },
    { title: t("keys.composer"), rows: composer() },
  ];
}

function everywhere(): readonly Row[] {
  return [
    { label: t("keys.search"), keys: [t("key.ctrl"), "K"] },
    { label: t("keys.new"), keys: [t("key.ctrl"), t("key.shift"), "N"] },
    { label: t("keys.next"), keys: [t("key.alt"), "↓", "↑"] },
    { label: t("keys.waiting"), keys: [t("key.alt"), t("key.shift"), "↓"] },
    { label: t("keys.region"), keys: ["F6"] },
    { label: t("keys.help"), keys: ["?"] },
  ];
}

function messages(): readonly Row[] {
  return [
    { label: t("keys.move"), keys: ["↓", "↑"] },
    { label: t("keys.reply"), keys: ["R"] },
    { label: t("keys.react"), keys: ["+"] },
    { label: t("keys.edit"), keys: ["E"] },
    { label: t("keys.retract"), keys: [t("key.delete")] },
    { label: t("keys.first_unread"), keys: ["U"] },
    { label: t("keys.latest"), keys: [t("key.end")] },
    { label: t("keys.to_composer"), keys: [t("key.enter")] },
  ];
}

function composer(): readonly Row[] {
  return [
    { label: t("keys.send"), keys: [t("key.enter")] },
    { label: t("keys.mention"), keys: ["@"] },
    { label: t("keys.newline"), keys: [t("key.shift"), t("key.enter")] },
    { label: t("keys.leave"), keys: [t("key.escape")] },
  ];
}
