import { keep, kept } from "./kept";

export type Theme = "system" | "light" | "dark";

function keptTheme(): Theme {
  const theme = kept("theme");
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** How this person likes the interface, on this browser. */
class Preferences {
  #theme = $state<Theme>(keptTheme());
  #letters = $state(kept("letters") !== "off");

  get theme(): Theme {
    return this.#theme;
  }

  /** Shortcuts of a single letter, on a chosen message only. */
  get letters(): boolean {
    return this.#letters;
  }

  chooseTheme(theme: Theme): void {
    this.#theme = theme;
    keep("theme", theme);
    this.dress();
  }

  chooseLetters(on: boolean): void {
    this.#letters = on;
    keep("letters", on ? "on" : "off");
  }

  dress(): void {
    if (this.#theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = this.#theme;
  }
}

export const preferences = new Preferences();
