/** A tab's way to the engine. */
import type { EngineEvent } from "../store/model";
import { systemTimers } from "../sync";
import { openChannel } from "./channel";
import type { Commands } from "./commands";
import { lasting } from "./lasting";
import { Link } from "./link";
import workerUrl from "./worker.ts?worker&url";

/** Trusted Types, as far as we use them; TypeScript does not know them. */
type Policies = {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): {
    createScriptURL(url: string): string;
  };
};

/** The policy lets exactly one script become a worker. */
function trusted(url: string): string {
  const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
  if (policies === undefined) return url;
  const policy = policies.createPolicy("colloque-worker", {
    createScriptURL: (wanted) => {
      if (wanted !== workerUrl) throw new TypeError("not our worker");
      return wanted;
    },
  });
  return policy.createScriptURL(url);
}

export function connect(onEvent: (event: EngineEvent) => void): Commands {
  new Worker(trusted(workerUrl), { type: "module" });
  const link = new Link(openChannel(), systemTimers, makeId, onEvent);
  addEventListener("pagehide", ({ persisted }) => {
    if (persisted) link.rest();
    else link.leave();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) link.wake();
  });
  for (const sign of SIGNS) addEventListener(sign, stirred(link), { capture: true, passive: true });
  return lasting(link.commands, () => navigator.storage.persist());
}

/** What a person does who only reads. A scroll of the page's own making is none. */
const SIGNS = ["wheel", "touchmove", "pointerdown", "keydown"] as const;

const stirred = (link: Link) => (): void => {
  link.stir();
};

/** 16 bytes, written like all bytes of the protocol: a message that was asked for is named by it. */
function makeId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}
