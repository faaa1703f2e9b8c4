import { expect, test } from "vitest";
import { actionFor } from "../../src/ui/home/shortcuts";

type Press = Parameters<typeof actionFor>[0];
const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

test("letters typed in a field are letters", () => {
  expect(actionFor(press("?"), true, true)).toBeNull();
  expect(actionFor(press("k"), true, true)).toBeNull();
});

test("letters that were turned off do nothing", () => {
  expect(actionFor(press("?"), false, false)).toBeNull();
});

test("keys of the browser stay the browser's", () => {
  expect(actionFor(press("n", { ctrlKey: true }), false, true)).toBeNull();
  expect(actionFor(press("K", { ctrlKey: true, shiftKey: true }), false, true)).toBeNull();
  expect(actionFor(press("k", { ctrlKey: true, altKey: true }), false, true)).toBeNull();
  expect(actionFor(press("ArrowDown"), false, true)).toBeNull();
});

test.each([
  [press("k", { ctrlKey: true }), "search"],
  [press("k", { metaKey: true }), "search"],
  [press("N", { ctrlKey: true, shiftKey: true }), "newMessage"],
  [press("ArrowDown", { altKey: true }), "next"],
  [press("ArrowUp", { altKey: true }), "previous"],
  [press("ArrowDown", { altKey: true, shiftKey: true }), "nextWaiting"],
  [press("F6"), "region"],
  [press("F6", { shiftKey: true }), "regionBack"],
] as const)("%j means %s, in a field too", (pressed, action) => {
  expect(actionFor(pressed, true, true)).toBe(action);
});

test("? lists the keys", () => {
  expect(actionFor(press("?", { shiftKey: true }), false, true)).toBe("help");
});
