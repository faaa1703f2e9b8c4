const LOOKALIKES: Record<string, string> = { O: "0", I: "1", L: "1" };
export const GROUPS = 9;
export const GROUP_SIZE = 4;

/** What a hand wrote or pasted, as the sheet has it: capitals, no spaces or dashes, O I L read as 0 1 1. */
export function sheetLetters(typed: string): string {
  const letters = typed.toUpperCase().replace(/[OIL]/g, (letter) => LOOKALIKES[letter] ?? letter);
  return letters.replace(/[^0-9A-HJKMNP-TV-Z]/g, "");
}

/** A printed code as it may be asked about: whatever stood between its groups in a mail or a table is one space. */
export function spaced(typed: string): string {
  return typed.replace(/[\s\p{Cf}]+/gu, " ").trim();
}

export function digits(typed: string): string {
  return typed.replace(/\D/g, "");
}

export function groupsOf(code: string): readonly string[] {
  return Array.from({ length: GROUPS }, (_, index) =>
    code.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE),
  );
}

/** Two different groups to ask for, in reading order (1-based). */
export function twoGroups(random: () => number): readonly [number, number] {
  const first = Math.floor(random() * GROUPS);
  const second = (first + 1 + Math.floor(random() * (GROUPS - 1))) % GROUPS;
  return first < second ? [first + 1, second + 1] : [second + 1, first + 1];
}
