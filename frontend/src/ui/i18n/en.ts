import { devices } from "./en.devices";
import { entry } from "./en.entry";
import { factors } from "./en.factors";
import { home } from "./en.home";
import { team } from "./en.team";
import type { MessageKey } from "./fr";
import { curlyApostrophes, typeset } from "./typeset";

const messages: Record<MessageKey, string> = { ...devices, ...entry, ...factors, ...home, ...team };

export const en = typeset(messages, curlyApostrophes);
