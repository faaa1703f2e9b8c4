import type { Commands } from "../../messenger/commands";
import type { PersonView } from "../../store/model";

const PAUSE_MS = 200;

/** A search in the directory that follows the typing: only the answer to the last question counts. */
export class Finding {
  readonly #commands: Commands;
  #query = $state("");
  #people = $state.raw<readonly PersonView[]>([]);
  #busy = $state(false);
  #failed = $state(false);
  #question = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  readonly #showsAll: boolean;

  /** With `showsAll`, an empty question asks for everybody; without, it asks nothing. */
  constructor(commands: Commands, showsAll = false) {
    this.#commands = commands;
    this.#showsAll = showsAll;
  }

  get query(): string {
    return this.#query;
  }

  set query(query: string) {
    this.#query = query;
    this.ask();
  }

  get people(): readonly PersonView[] {
    return this.#people;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Asks after a pause, and forgets every earlier question. */
  ask(): void {
    this.#question += 1;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#busy = this.#showsAll || this.#query.trim() !== "";
    if (!this.#busy) {
      this.#people = [];
      return;
    }
    const question = this.#question;
    this.#timer = setTimeout(() => void this.#find(question), PAUSE_MS);
  }

  async #find(question: number): Promise<void> {
    const query = this.#query.trim();
    const people = await this.#commands.findPeople({ query }).catch(() => null);
    if (question !== this.#question) return;
    this.#people = people ?? [];
    this.#failed = people === null;
    this.#busy = false;
  }
}
