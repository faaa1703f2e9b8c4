/** From a message to what it shows, once its epoch's secret is here. */
import type { ChainId, Content, Epoch, EpochSecret, Kind, Message } from "../crypto";
import { openMessage, rowOf } from "../crypto";
import type { Shown } from "./records";

export type Opener = {
  readonly kind: Kind;
  /** The epoch that the message is under. */
  readonly epoch: Epoch | null;
  readonly secret: EpochSecret | null;
};

export function shownOf(message: Message, { kind, epoch, secret }: Opener): Shown {
  const opened = openMessage(message, secret, kind);
  if (!opened.ok) return { kind: "unreadable", cause: opened.cause };
  return shownAs(opened.content, message.header.person, epoch);
}

function shownAs(content: Content, sender: ChainId, epoch: Epoch | null): Shown {
  switch (content.kind) {
    case "text": {
      const { text, quote, mentions } = content;
      const none = { edited: null, retracted: null, reactions: [] };
      return { kind: "text", text, quote, mentions: inRoster(mentions, epoch), ...none };
    }
    case "edit":
      return { kind: "act", act: { ...content, mentions: inRoster(content.mentions, epoch) } };
    case "retract":
    case "react":
      return { kind: "act", act: content };
    case "title":
      return mayTitle(sender, epoch) ? { kind: "title", title: content.title } : { kind: "nothing" };
    case "state":
      return { kind: "nothing" };
  }
}

// M14.
const inRoster = (mentions: readonly ChainId[], epoch: Epoch | null): readonly ChainId[] =>
  mentions.filter((chain) => epoch !== null && rowOf(epoch.roster, chain) !== null);

// M13.
const mayTitle = (sender: ChainId, epoch: Epoch | null): boolean =>
  epoch !== null && rowOf(epoch.roster, sender)?.role === "coordinator";
