import type { PersonView } from "../../store/model";
import { t } from "../i18n";

const TINTS = 5;

/** Whom the directory does not name has a name for that. */
export function fullName(person: PersonView): string {
  const name = `${person.given} ${person.family}`.trim();
  return name === "" ? t("people.unknown") : name;
}

export function initials(person: PersonView): string {
  const first = (text: string): string => [...text][0] ?? "";
  return (first(person.given) + first(person.family)).toUpperCase() || "?";
}

/** A colour that stays the same for a person and means nothing. */
export function tint(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 65_521;
  return sum % TINTS;
}

export function occupation(person: PersonView): string {
  return [person.profession, person.place].filter((part) => part !== "").join(" · ");
}

export const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Every word asked for begins a word of the name, the profession or the place; accents do not matter. */
export function matches(person: PersonView, query: string): boolean {
  const words = plain([fullName(person), occupation(person)].join(" ")).split(/[^\p{L}\p{N}]+/u);
  const asked = plain(query)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  return asked.every((start) => words.some((word) => word.startsWith(start)));
}

/** People whose first and last names are the same as somebody else's in the list. */
export function homonyms(people: readonly PersonView[]): ReadonlySet<string> {
  const count = new Map<string, number>();
  for (const person of people)
    count.set(plain(fullName(person)), (count.get(plain(fullName(person))) ?? 0) + 1);
  return new Set(
    people.filter((person) => (count.get(plain(fullName(person))) ?? 0) > 1).map((person) => person.id),
  );
}
