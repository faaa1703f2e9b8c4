import type { EngineEvent } from "../store/model";
import type { Api, Socket } from "../sync";
import type { Vault } from "../vault";
import type { HostClock } from "./clock";
import type { Conversation } from "./conversation";
import { Conversations } from "./conversations";
import { Drafts } from "./drafts";
import { ServerHistory } from "./history";
import type { Identity } from "./identity";
import { KeyLogs } from "./keylogs";
import { Outbox } from "./outbox";
import { Persons } from "./persons";
import type { World } from "./world";

/** What the rooms work on while the vault is open. Gone from memory when it closes. */
export type Desk = {
  readonly world: World;
  readonly api: Api;
  readonly vault: Vault;
  readonly clock: HostClock;
  readonly history: ServerHistory;
  readonly identity: Identity;
  readonly keyLogs: KeyLogs;
  readonly persons: Persons;
  readonly conversations: Conversations;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly tell: (event: EngineEvent) => void;
};

type Given = Pick<Desk, "world" | "api" | "vault" | "clock" | "identity" | "tell"> & {
  readonly personChanged: (person: string) => void;
  readonly alarmed: (conversation: Conversation) => void;
};

export async function openDesk({ personChanged, alarmed, ...given }: Given): Promise<Desk> {
  const { vault, api, identity, clock } = given;
  const history = new ServerHistory(vault, clock);
  const desk = {
    ...given,
    history,
    keyLogs: new KeyLogs(api, vault, history),
    persons: new Persons(vault, identity.person, personChanged),
    conversations: new Conversations(vault, identity, alarmed),
    outbox: new Outbox(vault),
    drafts: new Drafts(vault),
  };
  const { keyLogs, persons, conversations, outbox, drafts } = desk;
  await Promise.all([history, keyLogs, persons, conversations, outbox, drafts].map((room) => room.load()));
  return desk;
}

export function clearDesk({ vault, identity, conversations }: Desk): void {
  vault.close();
  identity.wipe();
  conversations.wipe();
}

export type Line = Pick<Socket, "append" | "mark" | "look" | "cursor" | "whisper" | "present" | "state">;
