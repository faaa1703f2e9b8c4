/** What the keys of the whole home page do; each returns nothing and may open, move or focus. */
export type Actions = {
  readonly search: () => void;
  readonly newMessage: () => void;
  readonly next: () => void;
  readonly previous: () => void;
  readonly nextWaiting: () => void;
  readonly region: (direction: 1 | -1) => void;
  readonly help: () => void;
};

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** The action that a key press asks for, or null. `writing` is true inside a field: there, letters are letters. */
export function actionFor(
  press: Press,
  writing: boolean,
  letters: boolean,
): keyof Actions | "regionBack" | null {
  const command = press.ctrlKey || press.metaKey;
  const key = press.key.toLowerCase();
  if (command && !press.altKey) return commandFor(key, press.shiftKey);
  if (press.altKey && key === "arrowdown") return press.shiftKey ? "nextWaiting" : "next";
  if (press.altKey && key === "arrowup") return "previous";
  if (key === "f6") return press.shiftKey ? "regionBack" : "region";
  return key === "?" && !writing && letters ? "help" : null;
}

function commandFor(key: string, shift: boolean): "search" | "newMessage" | null {
  if (key === "k" && !shift) return "search";
  return key === "n" && shift ? "newMessage" : null;
}

export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, [contenteditable]");
}

export function act(actions: Actions, name: keyof Actions | "regionBack"): void {
  if (name === "regionBack") actions.region(-1);
  else if (name === "region") actions.region(1);
  else actions[name]();
}
