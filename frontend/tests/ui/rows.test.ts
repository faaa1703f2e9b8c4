import { expect, test } from "vitest";
import type { MessageView } from "../../src/store/model";
import { lastMessage, nextMessage, rows, type Row } from "../../src/ui/thread/rows";
import { anneLise, from, me, system } from "./stage/cast";

const noon = (day: number): number => new Date(2026, 1, day, 12, 0).getTime() / 1000;
const kinds = (list: readonly Row[]): readonly string[] => list.map((row) => row.kind);
const heads = (messages: readonly MessageView[]): readonly boolean[] =>
  rows(messages, false, null).flatMap((row) => (row.kind === "message" ? [row.head] : []));
const told = (messages: readonly MessageView[]): readonly string[] =>
  rows(messages, false, null).flatMap((row) => (row.kind === "message" && row.state ? [row.key] : []));

test("nothing to show is no row, not even a day", () => {
  expect(rows([], false, null)).toEqual([]);
});

test("each local day has one separator, before its first message", () => {
  const list = rows(
    [from(me, 1, noon(2), "a"), from(me, 2, noon(2) + 60, "b"), from(me, 3, noon(3), "c")],
    false,
    null,
  );
  expect(kinds(list)).toEqual(["day", "message", "message", "day", "message"]);
});

test("a minute over midnight is another day", () => {
  const midnight = new Date(2026, 1, 3).getTime() / 1000;
  const list = rows([from(me, 1, midnight - 30, "a"), from(me, 2, midnight + 30, "b")], false, null);
  expect(kinds(list)).toEqual(["day", "message", "day", "message"]);
});

test("the start of the thread shows only when nothing older is left", () => {
  expect(kinds(rows([from(me, 1, noon(2), "a")], true, null))).toEqual(["start", "day", "message"]);
});

test("one name is enough for several messages in one breath, not after five minutes nor for another person", () => {
  const at = noon(2);
  expect(
    heads([
      from(me, 1, at, "a"),
      from(me, 2, at + 60, "b"),
      from(me, 3, at + 400, "c"),
      from(anneLise, 4, at + 401, "d"),
    ]),
  ).toEqual([true, false, true, true]);
});

test("a line of the system between two messages brings the name back", () => {
  const at = noon(2);
  expect(
    heads([from(me, 1, at, "a"), system(2, at + 1, "renewed", anneLise), from(me, 3, at + 2, "b")]),
  ).toEqual([true, true]);
});

test("the unread line stands before the first new message of others and says how many", () => {
  const messages = [
    from(anneLise, 1, noon(2), "a"),
    from(me, 2, noon(2), "b"),
    from(anneLise, 3, noon(2), "c"),
    from(anneLise, 4, noon(2), "d"),
  ];
  const list = rows(messages, false, { from: 2, n: 2 });
  expect(kinds(list)).toEqual(["day", "message", "message", "unread", "message", "message"]);
  expect(list[3]).toEqual({ kind: "unread", key: "unread", n: 2 });
  expect(list[4]).toMatchObject({ key: "m3", head: true });
});

test("only the last own message of each state tells it, and all that have not left", () => {
  const at = noon(2);
  const queued = (key: string): MessageView => ({
    ...from(me, 0, at, key),
    key,
    seq: null,
    state: "queued",
    late: true,
  });
  const arrived = (seq: number): MessageView => ({ ...from(me, seq, at, "x"), state: "arrived" });
  expect(
    told([from(me, 1, at, "a"), from(me, 2, at, "b"), arrived(3), arrived(4), queued("q1"), queued("q2")]),
  ).toEqual(["m2", "m4", "q1", "q2"]);
});

test("every row has a key of its own", () => {
  const messages = Array.from({ length: 50 }, (_, index) =>
    from(index % 2 === 0 ? me : anneLise, index + 1, noon(1) + index * 40_000, "x"),
  );
  const keys = rows(messages, true, { from: 20, n: 3 }).map((row) => row.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("the arrows go from message to message and stop at the ends", () => {
  const list = rows([from(me, 1, noon(2), "a"), from(me, 2, noon(3), "b")], true, null);
  expect(kinds(list)).toEqual(["start", "day", "message", "day", "message"]);
  expect(nextMessage(list, 2, 1)).toBe(4);
  expect(nextMessage(list, 4, -1)).toBe(2);
  expect(nextMessage(list, 2, -1)).toBe(2);
  expect(nextMessage(list, 4, 1)).toBe(4);
  expect(lastMessage(list)).toBe(4);
});
