import { CommandError } from "../messenger/commands";

/**
 * Some acts need a second factor given a moment ago. `askFreshFactor` asks the person for one, in the one dialog
 * of the page (entry/FreshFactor.svelte); `withFreshFactor` does so when a command fails for want of it.
 */
export class Fresh {
  #settle = $state.raw<((isGiven: boolean) => void) | null>(null);

  get asking(): boolean {
    return this.#settle !== null;
  }

  /** Resolves to false if the person closed the question. */
  readonly askFreshFactor = (): Promise<boolean> => {
    this.settle(false);
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  };

  /** Runs the act, and once more after a fresh factor if the host asks for one. */
  readonly withFreshFactor = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      const isStale = error instanceof CommandError && error.code === "fresh_factor_needed";
      if (!isStale || !(await this.askFreshFactor())) throw error;
      return act();
    }
  };

  settle(isGiven: boolean): void {
    this.#settle?.(isGiven);
    this.#settle = null;
  }
}
