const SHOWN_MS = 10_000;

export type Toast = {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
};

/** Small notes at the foot of the screen, with ten seconds to undo. */
export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 0;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(text: string, action: Toast["action"] = null): void {
    const toast = { id: this.#next++, text, action };
    this.#list = [...this.#list.slice(-2), toast];
    setTimeout(() => {
      this.close(toast.id);
    }, SHOWN_MS);
  }

  close(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }
}
