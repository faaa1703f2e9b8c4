import { expect } from "vitest";
import type { Entries, FromServer } from "../../../src/protocol";
import type { Alarm, MessageView } from "../../../src/store/model";
import type { Pair, TestClient } from "./client";
import { say } from "./client";

export const ENTRIES = "GET /api/entries";
export const KEY_LOG = "GET /api/keys/log";

/** Every entry comes by pages, where the test may change it. */
export function byPages({ host }: Pair, change: (entries: Entries) => Entries): void {
  host.lies.set("entry", (frame) => {
    const { conversation, seq } = frame as Extract<FromServer, { type: "entry" }>;
    return { type: "behind", conversation, head: seq, hash: host.logs.get(conversation)?.hash ?? "" };
  });
  host.lies.set(ENTRIES, (honest) => change(honest as Entries));
}

export const alarmOf = (client: TestClient, conversation: string): Alarm | null =>
  client.view(conversation).alarm;

export async function bodies(
  client: TestClient,
  conversation: string,
): Promise<readonly MessageView["body"][]> {
  return (await client.show(conversation)).map(({ body }) => body);
}

/** Within the five seconds that a person may wait for the alarm. */
export const soon = ({ a }: Pair) => a.settle(4_500);

/** Nothing more leaves, and what was written stays to be seen. */
export async function expectBlocked({ a, host, conversation }: Pair): Promise<void> {
  const head = host.logs.get(conversation)?.head;
  await say(a, conversation, "retenu");
  await a.settle(60_000);
  expect(host.logs.get(conversation)?.head).toBe(head);
  expect(a.view(conversation).queued).toBe(1);
}
