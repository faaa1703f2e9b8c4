import { keep, kept } from "../kept";

export type Language = "fr" | "en";

function chosen(): Language | null {
  const choice = kept("language");
  return choice === "fr" || choice === "en" ? choice : null;
}

/** French unless the browser asks for another language that we do not have or for English. */
export function preferred(asked: readonly string[]): Language {
  const known = asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "fr" || tag === "en");
  return known === "en" ? "en" : "fr";
}

class LanguageChoice {
  #current = $state<Language>(chosen() ?? preferred(navigator.languages));

  get current(): Language {
    return this.#current;
  }

  choose(language: Language): void {
    this.#current = language;
    keep("language", language);
  }
}

export const language = new LanguageChoice();
