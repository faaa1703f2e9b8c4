import type { DeviceNotice, DeviceView } from "../../store/model";
import { t } from "../i18n";
import { ago, fullDate, shortDate } from "../i18n/dates";
import { sessionName } from "./sessionwords";

/** What a person recognises a device by; a code of paper by its date. */
export function deviceName({ sort, browser, platform, added }: DeviceView): string {
  if (sort === "paper") return t("devices.paper", { date: shortDate(added) });
  if (browser === null || platform === null) return t("devices.unknown");
  return sessionName({ browser, platform });
}

export function deviceFacts({ here, used, added }: DeviceView, now: number): string {
  if (here) return t("devices.used_now");
  return used === null
    ? t("devices.added_on", { date: shortDate(added) })
    : t("devices.used", { ago: ago(used, now) });
}

export function paperFacts({ removal }: DeviceView, now: number): string {
  if (removal === null) return t("devices.paper_text");
  return removal > now ? t("devices.paper_leaving", { date: fullDate(removal) }) : t("devices.paper_ready");
}

/** K21 and K18, in a sentence. */
export function noticeWords({ event, device, by, at }: DeviceNotice, now: number): string {
  if (event === "removal") return t("notice.removal", { when: fullDate(at) });
  const when = ago(at, now);
  if (event === "mended")
    return t("notice.mended", { name: by === null ? t("devices.unknown") : deviceName(by), when });
  if (event === "renewed" || device === null) return t("notice.renewed", { when });
  return device.sort === "paper"
    ? t(`notice.${event}_paper`, { when })
    : t(`notice.${event}`, { name: deviceName(device), when });
}
