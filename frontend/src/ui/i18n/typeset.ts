const NO_BREAK = "\u00A0";
const NARROW = "\u202F";

/** French spaces and apostrophes, put once by rule so that no hand forgets one. */
export function frenchSpaces(text: string): string {
  return text
    .replaceAll("'", "’")
    .replace(/ (?=[:%»])/g, NO_BREAK)
    .replace(/(?<=«) /g, NO_BREAK)
    .replace(/ (?=[;?!])/g, NARROW);
}

export function curlyApostrophes(text: string): string {
  return text.replaceAll("'", "’");
}

export function typeset<const T extends Record<string, string>>(
  messages: T,
  rule: (text: string) => string,
): T {
  const entries = Object.entries(messages).map(([key, text]) => [key, rule(text)] as const);
  return Object.fromEntries(entries) as T;
}
