import { expect, test } from "vitest";
import { focusAtOpening, hand, watchHand } from "../../src/ui/hand";
import { beginsWriting } from "../../src/ui/thread/typing";

type Pressed = Parameters<typeof beginsWriting>[0];
const press = (key: string, held: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  getModifierState: () => false,
  ...held,
});

test("a thread opened on a coarse pointer, or by touch, brings up no keyboard", () => {
  expect(focusAtOpening("touch", false, true)).toBe("nowhere");
  expect(focusAtOpening("mouse", true, false)).toBe("nowhere");
  expect(focusAtOpening("keys", true, true)).toBe("nowhere");
});

test("who clicks a thread writes at once, even with something new in it", () => {
  expect(focusAtOpening("mouse", false, true)).toBe("composer");
  expect(focusAtOpening("mouse", false, false)).toBe("composer");
});

test("who comes by keys goes on at the first new message", () => {
  expect(focusAtOpening("keys", false, true)).toBe("unread");
  expect(focusAtOpening("keys", false, false)).toBe("composer");
});

test("the last hand counts, and a key that is only held does not", () => {
  const window = new EventTarget();
  const tell = (type: string, facts: object): void => {
    window.dispatchEvent(Object.assign(new Event(type), facts));
  };
  watchHand(window as Pick<Window, "addEventListener">);
  expect(hand()).toBe("keys");
  tell("pointerdown", { pointerType: "mouse" });
  tell("keydown", { key: "Control" });
  expect(hand()).toBe("mouse");
  tell("pointerdown", { pointerType: "touch" });
  expect(hand()).toBe("touch");
  tell("keydown", { key: "Enter" });
  expect(hand()).toBe("keys");
});

test.each([
  press("Enter"),
  press("Tab"),
  press("F6"),
  press(" "), // scrolls
  press("k", { ctrlKey: true }),
  press("n", { metaKey: true }),
  press("b", { altKey: true }),
])("%j on a message writes nothing", (pressed) => {
  expect(beginsWriting(pressed, true)).toBe(false);
});

test("a sign on a message begins to write, with accents too", () => {
  for (const key of ["b", "B", "é", "1", "’", "Dead"]) expect(beginsWriting(press(key), true)).toBe(true);
  const graph = { ctrlKey: true, altKey: true, getModifierState: (name: string) => name === "AltGraph" };
  expect(beginsWriting(press("@", graph), true)).toBe(true);
});

test("? lists the keys, unless letters were turned off", () => {
  expect(beginsWriting(press("?"), true)).toBe(false);
  expect(beginsWriting(press("?"), false)).toBe(true);
});
