import type { FactorView } from "../../store/model";
import { t } from "../i18n";
import { ago } from "../i18n/dates";

export const factorName = ({ sort }: FactorView): string => t(`factors.${sort}`);

/** "Ajouté depuis Firefox, Windows · utilisé il y a 12 minutes": by which a person tells two devices apart. */
export function factorFacts({ added, used, browser, platform }: FactorView, now: number): string {
  const from =
    browser === null || platform === null
      ? t("factors.added", { ago: ago(added, now) })
      : t("factors.added_from", { browser: t(`browser.${browser}`), platform: t(`platform.${platform}`) });
  return `${from} · ${used === null ? t("factors.unused") : t("factors.used", { ago: ago(used, now) })}`;
}
