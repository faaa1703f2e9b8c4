import { MediaQuery } from "svelte/reactivity";
import type { ConversationView } from "../../store/model";
import { waits } from "../../store/todo";
import type { Client } from "../client.svelte";

/** Which thread is open beside the list, and how to go from one to the next. */
export class Places {
  readonly #client: Client;
  readonly #wide = new MediaQuery("(min-width: 1200px)", true);
  readonly #phone = new MediaQuery("(max-width: 699px)", false);
  #cardShown = $state(true);
  sheetShown = $state(false);

  constructor(client: Client) {
    this.#client = client;
  }

  get id(): string | null {
    const { route } = this.#client.router;
    return route.name === "thread" ? route.id : null;
  }

  get conversation(): ConversationView | null {
    return this.id === null ? null : this.#client.store.conversations.get(this.id);
  }

  /** The person's card has a column of its own only where there is room. */
  get cardInColumn(): boolean {
    return this.#wide.current && this.#cardShown && this.conversation !== null;
  }

  get cardOpen(): boolean {
    return this.#wide.current ? this.#cardShown : this.sheetShown;
  }

  get phone(): boolean {
    return this.#phone.current;
  }

  toggleCard(): void {
    if (this.#wide.current) this.#cardShown = !this.#cardShown;
    else this.sheetShown = !this.sheetShown;
  }

  showCard(): void {
    if (this.#wide.current) this.#cardShown = true;
    else this.sheetShown = true;
  }

  open(id: string): void {
    this.#client.router.go({ name: "thread", id });
  }

  /** The next or previous thread of the list, staying at its ends. */
  step(direction: 1 | -1): void {
    const { list } = this.#client.store.conversations;
    const here = list.findIndex((one) => one.id === this.id);
    const next = here === -1 ? list[0] : list[here + direction];
    if (next !== undefined) this.open(next.id);
  }

  nextWaiting(): void {
    const { list } = this.#client.store.conversations;
    const here = list.findIndex((one) => one.id === this.id);
    const round = [...list.slice(here + 1), ...list.slice(0, Math.max(0, here))];
    const next = round.find(waits);
    if (next !== undefined) this.open(next.id);
  }
}
