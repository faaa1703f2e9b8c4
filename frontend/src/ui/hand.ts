export type Hand = "keys" | "mouse" | "touch";
export type Place = "unread" | "composer" | "nowhere";

const HELD = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta"]);
let last: Hand = "keys";

/** Which hand the person used last; a key that is only held down says nothing yet. */
export const hand = (): Hand => last;

export function watchHand(window: Pick<Window, "addEventListener">): void {
  const pointed = (event: PointerEvent): void => {
    last = event.pointerType === "touch" ? "touch" : "mouse";
  };
  const pressed = (event: KeyboardEvent): void => {
    if (!HELD.has(event.key)) last = "keys";
  };
  window.addEventListener("pointerdown", pointed, { capture: true });
  window.addEventListener("keydown", pressed, { capture: true });
}

/** Who points at a thread means to write; who comes by keys reads on from the first new message. */
export function focusAtOpening(used: Hand, coarse: boolean, unread: boolean): Place {
  if (coarse || used === "touch") return "nowhere"; // a keyboard on the screen would hide what was opened
  return unread && used === "keys" ? "unread" : "composer";
}
