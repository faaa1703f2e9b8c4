import { devices } from "./fr.devices";
import { entry } from "./fr.entry";
import { factors } from "./fr.factors";
import { home } from "./fr.home";
import { team } from "./fr.team";
import { frenchSpaces, typeset } from "./typeset";

/** French is the language of reference: its keys are the keys of every other catalogue. */
const messages = { ...devices, ...entry, ...factors, ...home, ...team } as const;

export type Messages = typeof messages;
export type MessageKey = keyof Messages;

export const fr = typeset(messages, frenchSpaces);
