import type { PersonView, Role } from "../../store/model";

export const LARGEST = 200; // persons in a team, oneself among them

export type Choice = { readonly person: PersonView; readonly role: Role };
export type Wish = { readonly person: string; readonly role: Role };

/** People being picked, each once, in the order of picking; those already there cannot be. */
export class Choosing {
  readonly #here: ReadonlySet<string>;
  #choices = $state.raw<readonly Choice[]>([]);

  constructor(here: readonly string[]) {
    this.#here = new Set(here);
  }

  get choices(): readonly Choice[] {
    return this.#choices;
  }

  get wishes(): readonly Wish[] {
    return this.#choices.map(({ person, role }) => ({ person: person.id, role }));
  }

  get full(): boolean {
    return this.#here.size + this.#choices.length >= LARGEST;
  }

  isHere(person: PersonView): boolean {
    return this.#here.has(person.id);
  }

  has(person: PersonView): boolean {
    return this.#choices.some((one) => one.person.id === person.id);
  }

  toggle(person: PersonView): void {
    if (this.has(person)) this.#choices = this.#choices.filter((one) => one.person.id !== person.id);
    else if (!this.full && !this.isHere(person))
      this.#choices = [...this.#choices, { person, role: "member" }];
  }

  setRole(person: PersonView, role: Role): void {
    this.#choices = this.#choices.map((one) => (one.person.id === person.id ? { person, role } : one));
  }
}
