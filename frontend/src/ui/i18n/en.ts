import { entry } from "./en.entry";
import { home } from "./en.home";
import type { MessageKey } from "./fr";
import { curlyApostrophes, typeset } from "./typeset";

const messages: Record<MessageKey, string> = { ...entry, ...home };

export const en = typeset(messages, curlyApostrophes);
