/** Choices of taste that outlive a visit (language, theme). Never anything about people or messages. */
export function kept(slot: string): string | null {
  try {
    return localStorage.getItem(`colloque.${slot}`);
  } catch {
    return null; // a browser may refuse storage altogether
  }
}

export function keep(slot: string, value: string): void {
  try {
    localStorage.setItem(`colloque.${slot}`, value);
  } catch {
    // the choice then lasts as long as the page
  }
}
