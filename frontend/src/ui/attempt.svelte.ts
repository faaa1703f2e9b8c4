import { CommandError } from "../messenger/commands";
import { t } from "./i18n";
import { delay } from "./i18n/dates";

/** What to tell the person: a calm sentence, and how long to wait when we know it. */
export function sentence(failure: CommandError): string {
  if (failure.code === "throttled" && failure.retryAfter !== null) {
    return t("failure.throttled_for", { delay: delay(failure.retryAfter) });
  }
  return t(`failure.${failure.code}`);
}

export function asFailure(error: unknown): CommandError {
  return error instanceof CommandError ? error : new CommandError("bug");
}

/** One thing a screen asks of the engine: under way, failed, or neither. Asked twice, it runs once. */
export class Attempt {
  #busy = $state(false);
  #failure = $state.raw<CommandError | null>(null);

  get busy(): boolean {
    return this.#busy;
  }

  get failure(): CommandError | null {
    return this.#failure;
  }

  get error(): string | null {
    return this.#failure === null ? null : sentence(this.#failure);
  }

  clear(): void {
    this.#failure = null;
  }

  async run<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.#busy) return null;
    this.#busy = true;
    this.#failure = null;
    try {
      return await work();
    } catch (error) {
      this.#failure = asFailure(error);
      return null;
    } finally {
      this.#busy = false;
    }
  }
}
