type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "getModifierState">;

/** True for a key that would have written something, had the field had the focus. */
export function beginsWriting(press: Pressed, letters: boolean): boolean {
  const graph = press.getModifierState("AltGraph");
  if (!graph && (press.ctrlKey || press.metaKey || press.altKey)) return false;
  if (press.key === "?" && letters) return false;
  return press.key === "Dead" || (press.key !== " " && [...press.key].length === 1);
}
