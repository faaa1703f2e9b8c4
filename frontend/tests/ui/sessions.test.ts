import { expect, test } from "vitest";
import { language } from "../../src/ui/i18n";
import { ago } from "../../src/ui/i18n/dates";
import { isHandheld, sessionName } from "../../src/ui/settings/sessionwords";

const NOW = 1_800_000_000;

test.each([
  [-5, "à l’instant"],
  [59, "à l’instant"],
  [60, "il y a 1 minute"],
  [12 * 60 + 59, "il y a 12 minutes"],
  [3600, "il y a 1 heure"],
  [2 * 86_400, "il y a 2 jours"],
])("%d seconds ago is said as %j", (seconds, words) => {
  language.choose("fr");
  expect(ago(NOW - seconds, NOW)).toBe(words);
});

test("a browser nobody knows still has a name", () => {
  language.choose("fr");
  expect(sessionName({ browser: "other", platform: "other" })).toBe("Autre navigateur, système inconnu");
  expect(sessionName({ browser: "safari", platform: "ios" })).toBe("Safari, iPhone ou iPad");
});

test("phones and tablets are told from desks", () => {
  expect(isHandheld({ platform: "android" })).toBe(true);
  expect(isHandheld({ platform: "ios" })).toBe(true);
  expect(isHandheld({ platform: "macos" })).toBe(false);
});
