import type { PersonView } from "../../store/model";
import { fullName, matches } from "../people/person";

export const MENTION_LIST = "mentions"; // one field to a page, so one list
const SHOWN = 6;
// An "@" that begins a word, and up to three words after it: names have several.
const BEGUN = /(?:^|\s)@([^\s@]*(?: [^\s@]+){0,2})$/u;

export type Place = { readonly from: number; readonly query: string };

/** Where a name is being written before the caret. */
export function beginning(text: string, caret: number): Place | null {
  const found = BEGUN.exec(text.slice(0, caret));
  const query = found?.[1];
  return query === undefined ? null : { from: caret - query.length - 1, query };
}

export const mentionOf = (person: PersonView): string => `@${fullName(person)}`;

/** Whom a text names: those who were picked and whose name still stands in it. */
export function named(text: string, picked: readonly PersonView[]): readonly string[] {
  const there = picked.filter((person) => text.includes(mentionOf(person)));
  return [...new Set(there.map(({ id }) => id))];
}

/** The list that opens while a name is written after "@". */
export class Mentioning {
  readonly #people: () => readonly PersonView[];
  #place = $state.raw<Place | null>(null);
  #active = $state(0);
  #picked: readonly PersonView[] = [];

  readonly found: readonly PersonView[] = $derived.by(() => this.#find());

  constructor(people: () => readonly PersonView[]) {
    this.#people = people;
  }

  get open(): boolean {
    return this.found.length > 0;
  }

  get active(): number {
    return Math.min(this.#active, this.found.length - 1);
  }

  get picked(): readonly PersonView[] {
    return this.#picked;
  }

  follow(text: string, caret: number): void {
    this.#place = beginning(text, caret);
    this.#active = 0;
  }

  close(): void {
    this.#place = null;
  }

  step(by: 1 | -1): void {
    const { length } = this.found;
    this.#active = (this.active + by + length) % length;
  }

  /** The text with the name written out, and where the caret goes. */
  pick(text: string, person: PersonView | undefined): { text: string; caret: number } | null {
    const place = this.#place;
    if (place === null || person === undefined) return null;
    const word = `${mentionOf(person)} `;
    const rest = text.slice(place.from + 1 + place.query.length).replace(/^ /, "");
    this.#picked = [...this.#picked, person];
    this.close();
    return { text: text.slice(0, place.from) + word + rest, caret: place.from + word.length };
  }

  /** The names that stand in a text already sent, when it is changed. */
  remember(ids: readonly string[]): void {
    this.#picked = this.#people().filter(({ id }) => ids.includes(id));
  }

  #find(): readonly PersonView[] {
    const place = this.#place;
    if (place === null) return [];
    return this.#people()
      .filter((person) => !person.me && matches(person, place.query))
      .slice(0, SHOWN);
  }
}
