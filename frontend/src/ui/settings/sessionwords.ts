import type { OwnSessionView } from "../../store/model";
import { t } from "../i18n";

/** "Firefox, Windows": what a person recognises a browser by. */
export function sessionName({ browser, platform }: Pick<OwnSessionView, "browser" | "platform">): string {
  return t("sessions.name", { browser: t(`browser.${browser}`), platform: t(`platform.${platform}`) });
}

export function isHandheld({ platform }: Pick<OwnSessionView, "platform">): boolean {
  return platform === "android" || platform === "ios";
}
