/** What tabs and the one engine say to each other; both sides are this same client, on this same origin. */
import type { EngineEvent } from "../store/model";
import type { Commands, Failure } from "./commands";

export const CHANNEL = "colloque";
export const LOCK = "colloque-engine";

export const COMMANDS = [
  "open",
  "signIn",
  "secondFactor",
  "printedCode",
  "unlock",
  "freshFactor",
  "askPasskey",
  "signOut",
  "sessions",
  "endSession",
  "endOtherSessions",
  "forgotPassword",
  "resetPassword",
  "lookInvitation",
  "acceptInvitation",
  "beginTotp",
  "confirmTotp",
  "beginPasskey",
  "confirmPasskey",
  "factors",
  "removeFactor",
  "renewPrintedCodes",
  "factorDone",
  "prepareKeys",
  "finishKeys",
  "recover",
  "offerPairing",
  "followPairing",
  "dropPairing",
  "takePairing",
  "confirmPairing",
  "devices",
  "revokeDevice",
  "prepareCode",
  "finishCode",
  "keepCode",
  "seenDevices",
  "countReadable",
  "beginAnew",
  "findPeople",
  "openDirect",
  "page",
  "look",
  "send",
  "cancel",
  "markRead",
  "saveDraft",
  "compareCode",
  "markVerified",
  "acknowledge",
  "createTeam",
  "changeTeam",
  "takeRole",
  "setTitle",
  "leaveTeam",
  "edit",
  "retract",
  "react",
  "receipts",
  "mute",
  "typing",
  "setPresence",
] as const satisfies readonly (keyof Commands)[];

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: Failure; readonly retryAfter: number | null };
export type Frame =
  | {
      readonly kind: "ask";
      readonly tab: string;
      readonly id: string;
      readonly command: keyof Commands;
      readonly input: unknown;
    }
  | { readonly kind: "answer"; readonly id: string; readonly outcome: Outcome }
  /** The tab has its answer: it need not be kept for a second asking. */
  | { readonly kind: "thanks"; readonly id: string }
  | { readonly kind: "bye"; readonly tab: string }
  | { readonly kind: "event"; readonly event: EngineEvent }
  /** A new engine is at work; whatever was asked of the one before may be asked again. */
  | { readonly kind: "here" };

export interface Channel {
  post(frame: Frame): void;
  listen(hear: (frame: Frame) => void): void;
  close(): void;
}

/** The browser lets only this origin's own contexts speak here. */
export function openChannel(name: string = CHANNEL): Channel {
  const channel = new BroadcastChannel(name);
  let open = true;
  return {
    // An answer that comes after the end has nobody to hear it; posting it would throw.
    post: (frame) => {
      if (open) channel.postMessage(frame);
    },
    listen: (hear) => {
      channel.onmessage = ({ data }: { readonly data: Frame }) => {
        hear(data);
      };
    },
    close: () => {
      open = false;
      channel.close();
    },
  };
}
