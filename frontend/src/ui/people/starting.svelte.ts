import type { Commands } from "../../messenger/commands";
import type { PersonView } from "../../store/model";
import { Attempt } from "../attempt.svelte";

/** Opens the conversation with somebody, making it if it is the first. */
export class Starting {
  readonly #attempt = new Attempt();
  readonly #commands: Commands;
  readonly #onopen: (id: string) => void;

  constructor(commands: Commands, onopen: (id: string) => void) {
    this.#commands = commands;
    this.#onopen = onopen;
  }

  get error(): string | null {
    return this.#attempt.error;
  }

  get busy(): boolean {
    return this.#attempt.busy;
  }

  async start(person: PersonView): Promise<void> {
    const id = await this.#attempt.run(() => this.#commands.openDirect({ person: person.id }));
    if (id !== null) this.#onopen(id);
  }
}
