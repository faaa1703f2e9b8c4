import { expect, test } from "vitest";
import type { ConversationView, MessageView, SessionView } from "../../src/store/model";
import { Store } from "../../src/store/store.svelte";
import { anneLise, conversation, from, gaetan, me, zoe } from "../ui/stage/cast";

const READY: SessionView = {
  stage: "ready",
  me,
  organisation: null,
  factors: [],
  notice: null,
  offline: false,
  presence: true,
};
const nameOf = (view: ConversationView): string | null =>
  view.kind === "direct" ? view.peer.given : view.title;
const said = (seq: number, words = "bonjour"): MessageView => from(anneLise, seq, 1_000 + seq, words);
const waiting = (key: string, at: number): MessageView => ({
  ...from(me, 0, at, key),
  key,
  seq: null,
  state: "queued",
});

function withThread(...messages: readonly MessageView[]): Store {
  const store = new Store();
  store.enter(READY);
  store.thread("t").addPage({ conversation: "t", messages, more: true });
  return store;
}

const keys = (store: Store): readonly string[] => store.thread("t").messages.map((message) => message.key);

test("messages are shown by number, whatever the order they come in", () => {
  const store = withThread(said(3), said(1));
  store.apply({ type: "messages", conversation: "t", messages: [said(2)], removed: [] });
  expect(keys(store)).toEqual(["m1", "m2", "m3"]);
});

test("the same message twice is shown once, in its last version", () => {
  const store = withThread(said(1, "avant"));
  store.apply({ type: "messages", conversation: "t", messages: [said(1, "après")], removed: [] });
  expect(store.thread("t").messages).toEqual([said(1, "après")]);
});

test("what has not left comes last, in the order it was written", () => {
  const store = withThread(waiting("second", 9), said(1), waiting("first", 5));
  store.apply({ type: "messages", conversation: "t", messages: [said(2)], removed: [] });
  expect(keys(store)).toEqual(["m1", "m2", "first", "second"]);
});

test("an acknowledged message takes its number under the same key", () => {
  const store = withThread(said(1), waiting("mine", 5));
  const sent: MessageView = { ...waiting("mine", 5), seq: 2, state: "sent" };
  store.apply({ type: "messages", conversation: "t", messages: [sent, said(3)], removed: [] });
  expect(keys(store)).toEqual(["m1", "mine", "m3"]);
});

test("a withdrawn message is gone, and may not come back in the same event", () => {
  const store = withThread(said(1), waiting("mine", 5));
  store.apply({ type: "messages", conversation: "t", messages: [waiting("mine", 5)], removed: ["mine"] });
  expect(keys(store)).toEqual(["m1"]);
});

test("messages of a conversation that this tab never opened are not kept", () => {
  const store = withThread(said(1));
  store.apply({ type: "messages", conversation: "other", messages: [said(2)], removed: [] });
  expect(store.thread("other").messages).toEqual([]);
  expect(keys(store)).toEqual(["m1"]);
});

test("an older page goes before, and tells when nothing is left", () => {
  const store = withThread(said(3), said(4));
  expect(store.thread("t").complete).toBe(false);
  store.thread("t").addPage({ conversation: "t", messages: [said(1), said(2)], more: false });
  expect(keys(store)).toEqual(["m1", "m2", "m3", "m4"]);
  expect(store.thread("t").complete).toBe(true);
  expect(store.thread("t").oldest).toBe(1);
});

test("after an absence, messages on the far side of a hole are let go", () => {
  const store = withThread(said(1), said(2));
  store.thread("t").renew({ conversation: "t", messages: [said(9), said(10)], more: true });
  expect(keys(store)).toEqual(["m9", "m10"]);
  expect(store.thread("t").complete).toBe(false);
});

test("after an absence without a hole, everything stays, and what was complete is", () => {
  const store = withThread();
  store.thread("t").addPage({ conversation: "t", messages: [said(1), said(2)], more: false });
  store.thread("t").renew({ conversation: "t", messages: [said(2), said(3)], more: true });
  expect(keys(store)).toEqual(["m1", "m2", "m3"]);
  expect(store.thread("t").complete).toBe(true);
});

test("a session that ends leaves nothing behind it", () => {
  const store = withThread(said(1));
  store.conversations.upsert([conversation(anneLise, {})]);
  store.apply({ type: "session", session: { ...READY, stage: "locked" } });
  expect(store.conversations.list).toEqual([]);
  expect(store.thread("t").messages).toEqual([]);
});

test("another person in the same tab sees nothing of the one before", () => {
  const store = withThread(said(1));
  store.conversations.upsert([conversation(anneLise, {})]);
  store.enter({ ...READY, me: { ...zoe, me: true } });
  expect(store.conversations.list).toEqual([]);
  expect(store.thread("t").messages).toEqual([]);
});

test("the same person's session told again keeps what is shown", () => {
  const store = withThread(said(1));
  store.apply({ type: "session", session: { ...READY, offline: true } });
  expect(keys(store)).toEqual(["m1"]);
});

test("conversations are listed by their last activity, changed ones replaced", () => {
  const store = new Store();
  store.enter(READY);
  store.conversations.upsert([
    conversation(anneLise, { activity: 1 }),
    conversation(gaetan, { activity: 2 }),
  ]);
  store.apply({ type: "conversations", conversations: [conversation(anneLise, { activity: 3, unread: 4 })] });
  expect(store.conversations.list.map(nameOf)).toEqual(["Anne-Lise", "Gaëtan"]);
  expect(store.conversations.unread).toBe(4);
});

test("what waits lists refusals first, then what has not left", () => {
  const store = new Store();
  store.enter(READY);
  const alarm: ConversationView["alarm"] = {
    kind: "entry_refused",
    person: zoe.id,
    cause: "altered",
    seq: 3,
    blocks: true,
  };
  store.conversations.upsert([
    conversation(anneLise, { activity: 9, queued: 2 }),
    conversation(gaetan, { activity: 8, unread: 3 }),
    conversation(zoe, { activity: 1, alarm }),
  ]);
  expect(store.todo.map((item) => [item.kind, nameOf(item.conversation)])).toEqual([
    ["alarm", "Zoé"],
    ["queued", "Anne-Lise"],
  ]);
});
