import { keep, kept } from "../kept";
import type { MessageKey } from "./fr";
import { fr } from "./fr";

export type Language = "fr" | "en";
type Catalogue = Readonly<Record<MessageKey, string>>;
type Spoken = { readonly language: Language; readonly catalogue: Catalogue };

function chosen(): Language | null {
  const choice = kept("language");
  return choice === "fr" || choice === "en" ? choice : null;
}

/** French unless the browser asks for another language that we do not have or for English. */
export function preferred(asked: readonly string[]): Language {
  const known = asked.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "fr" || tag === "en");
  return known === "en" ? "en" : "fr";
}

/** French is always here; English is fetched when it is first spoken. */
const fetchCatalogue = async (language: Language): Promise<Catalogue> =>
  language === "fr" ? fr : (await import("./en")).en;

class LanguageChoice {
  #spoken = $state.raw<Spoken>({ language: "fr", catalogue: fr });
  #asked: Language = "fr";

  get current(): Language {
    return this.#spoken.language;
  }

  sentence(key: MessageKey): string {
    return this.#spoken.catalogue[key];
  }

  /** Before the first screen. Whatever keeps English away, French speaks. */
  async start(): Promise<void> {
    await this.#speak(chosen() ?? preferred(navigator.languages)).catch(() => undefined);
  }

  /** Rejects, and goes on in the language before, when the other cannot be fetched. */
  async choose(language: Language): Promise<void> {
    await this.#speak(language);
    keep("language", language);
  }

  async #speak(language: Language): Promise<void> {
    this.#asked = language;
    const catalogue = await fetchCatalogue(language);
    if (this.#asked === language) this.#spoken = { language, catalogue };
  }
}

export const language = new LanguageChoice();
