import { expect, test } from "vitest";
import type { DeviceNotice, DeviceView } from "../../src/store/model";
import { language } from "../../src/ui/i18n";
import { noticeWords } from "../../src/ui/settings/devicewords";

const NOW = 1_800_000_000;
const PHONE: DeviceView = {
  id: "id",
  sort: "browser",
  here: false,
  added: NOW,
  used: NOW,
  browser: "safari",
  platform: "ios",
  revoked: false,
  removal: null,
};
const mended = (by: DeviceView | null): DeviceNotice => ({
  n: 5,
  event: "mended",
  device: null,
  by,
  at: NOW,
});

test("K18: a key that did not open here is told with the device that made it", async () => {
  await language.choose("fr");
  expect(noticeWords(mended(PHONE), NOW)).toContain("Safari, iPhone ou iPad");
  expect(noticeWords(mended(PHONE), NOW)).toContain("ne s\u2019ouvrait pas ici");
  await language.choose("en");
  expect(noticeWords(mended(PHONE), NOW)).toContain("did not open here");
  expect(noticeWords(mended(null), NOW)).not.toBe(noticeWords(mended(PHONE), NOW));
});
