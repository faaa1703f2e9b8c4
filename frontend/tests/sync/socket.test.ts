import { beforeEach, describe, expect, it } from "vitest";
import type { FromServer } from "../../src/protocol";
import type { Dealt, HostRefused, SocketState, WireEvents } from "../../src/sync";
import { AnswerLost, Socket } from "../../src/sync";
import { Clock } from "./clock";

const CONVERSATION = "A".repeat(43);
const HASH = "B".repeat(42) + "A";
const welcome: FromServer = {
  type: "welcome",
  now: 1,
  history: { id: "A".repeat(22), restored: null, until: null },
  heads: [],
};

/** The edge of the world: what a browser's WebSocket would be. */
class Edge {
  readonly wires: { events: WireEvents; sent: { type: string; ref?: number }[]; isClosed: boolean }[] = [];

  readonly open = (events: WireEvents) => {
    const wire = { events, sent: [] as { type: string; ref?: number }[], isClosed: false };
    this.wires.push(wire);
    return {
      send: (text: string) => {
        wire.sent.push(JSON.parse(text) as { type: string });
      },
      close: () => {
        wire.isClosed = true;
      },
    };
  };

  get last() {
    const wire = this.wires.at(-1);
    if (wire === undefined) throw new Error("nothing was opened");
    return wire;
  }

  says(frame: FromServer | object | string): void {
    this.last.events.received(typeof frame === "string" ? frame : JSON.stringify(frame));
  }
}

describe("the socket", () => {
  let edge: Edge;
  let clock: Clock;
  let socket: Socket;
  let states: SocketState[];
  let dealt: Dealt[];
  let ended: string[];

  beforeEach(() => {
    edge = new Edge();
    clock = new Clock();
    [states, dealt, ended] = [[], [], []];
    socket = new Socket(edge.open, clock, () => 0.5, {
      heads: () => [[CONVERSATION, 7]],
      welcome: () => undefined,
      dealt: (frame) => dealt.push(frame),
      state: (state) => states.push(state),
      ended: (why) => ended.push(why),
    });
  });

  function connect(): void {
    socket.start();
    edge.last.events.opened();
    edge.says(welcome);
  }

  it("F1: greets with its protocol and places, and is open once welcomed", () => {
    connect();
    expect(edge.last.sent).toEqual([{ type: "hello", protocol: 1, heads: [[CONVERSATION, 7]] }]);
    expect(states).toEqual(["connecting", "hello", "open"]);
  });

  it("says nothing before it is welcomed", async () => {
    socket.start();
    edge.last.events.opened();
    await expect(socket.append(CONVERSATION, "AA")).rejects.toBeInstanceOf(AnswerLost);
    socket.cursor(CONVERSATION, 1);
    expect(edge.last.sent).toHaveLength(1);
  });

  it("F2: pairs answers with requests, whatever their order", async () => {
    connect();
    const [one, two] = [socket.append(CONVERSATION, "AA"), socket.append(CONVERSATION, "BB")];
    const refs = edge.last.sent.slice(1).map(({ ref }) => ref ?? 0);
    edge.says({ type: "appended", ref: refs[1], conversation: CONVERSATION, seq: 9, at: 1 });
    edge.says({ type: "refused", ref: refs[0], code: "epoch_stale", retry_after: null });
    await expect(two).resolves.toMatchObject({ seq: 9 });
    await expect(one).rejects.toMatchObject({ code: "epoch_stale" } satisfies Partial<HostRefused>);
  });

  it("loses an answer after 15 s, and all of them with the line", async () => {
    connect();
    const late = expect(socket.append(CONVERSATION, "AA")).rejects.toBeInstanceOf(AnswerLost);
    await clock.pass(15_000);
    await late;
    await clock.pass(3_000);
    edge.last.events.opened();
    edge.says(welcome);
    const lost = expect(socket.append(CONVERSATION, "AA")).rejects.toBeInstanceOf(AnswerLost);
    edge.last.events.closed(1006);
    await lost;
  });

  it("leaves a line on which something stayed without an answer, and no other", async () => {
    connect();
    const lost = expect(socket.append(CONVERSATION, "AA")).rejects.toBeInstanceOf(AnswerLost);
    await clock.pass(15_000);
    await lost;
    expect([edge.wires[0]?.isClosed, states.at(-1)]).toEqual([true, "waiting"]);
    const late = expect(socket.append(CONVERSATION, "BB")).rejects.toBeInstanceOf(AnswerLost);
    await clock.pass(3_000);
    edge.last.events.opened();
    edge.says(welcome);
    await late;
    await clock.pass(15_000);
    expect([edge.wires[1]?.isClosed, states.at(-1)]).toEqual([false, "open"]);
  });

  it.each([
    ["nonsense", "{"],
    ["an unknown type", { type: "shout" }],
    ["a field too many", { ...welcome, more: 1 }],
  ])("F8: leaves a host that says %s", (_, frame) => {
    connect();
    edge.says(frame);
    expect(edge.last.isClosed).toBe(true);
    expect(states.at(-1)).toBe("waiting");
  });

  it("is offline at once when the network says so, and tries at once when it is back", async () => {
    connect();
    const lost = expect(socket.append(CONVERSATION, "AA")).rejects.toBeInstanceOf(AnswerLost);
    socket.lose();
    await lost;
    expect([states.at(-1), edge.last.isClosed, edge.wires.length]).toEqual(["waiting", true, 1]);
    await clock.pass(29_000);
    expect([socket.state, edge.wires.length]).toEqual(["waiting", 1]);
    socket.hurry();
    expect([socket.state, edge.wires.length]).toEqual(["connecting", 2]);
    // A try from before the network came back is not waited for.
    socket.hurry();
    expect([edge.wires.length, edge.wires[1]?.isClosed]).toEqual([3, true]);
    edge.last.events.opened();
    edge.says(welcome);
    expect(socket.state).toBe("open");
  });

  it("tries again by itself after the network said it is gone", async () => {
    connect();
    socket.lose();
    await clock.pass(30_000);
    expect(socket.state).toBe("connecting");
  });

  it("says nothing of a network that is gone once it has ended", () => {
    connect();
    socket.stop();
    socket.lose();
    socket.hurry();
    expect([socket.state, edge.wires.length]).toEqual(["idle", 1]);
  });

  it("notices a line that is dead though open, within 45 s", async () => {
    connect();
    await clock.pass(45_000);
    expect(states.slice(3)).toContain("waiting");
    expect(edge.wires[0]?.isClosed).toBe(true);
  });

  it("comes back with growing pauses, never over 12 s, and from the start after a welcome", async () => {
    connect();
    const pauses: number[] = [];
    for (let turn = 0; turn < 8; turn++) {
      edge.last.events.closed(1006);
      const [before, from] = [edge.wires.length, clock.now()];
      while (edge.wires.length === before) await clock.pass(100);
      pauses.push(clock.now() - from);
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(12_000);
    edge.last.events.opened();
    edge.says(welcome);
    edge.last.events.closed(1006);
    await clock.pass(2_300);
    expect(states.at(-1)).toBe("connecting");
  });

  it("does not wait when the network says that it is back", async () => {
    connect();
    edge.last.events.closed(1006);
    socket.hurry();
    expect(edge.wires).toHaveLength(2);
    await clock.pass(60_000);
    expect(edge.wires.length).toBeGreaterThan(2); // nobody welcomed it: it tried again
  });

  it.each([
    [4401, "signed_out"],
    [4403, "not_allowed"],
    [4409, "outdated"],
  ])("F9: %d ends it: %s", async (code, why) => {
    connect();
    edge.last.events.closed(code);
    await clock.pass(120_000);
    expect([ended, edge.wires.length]).toEqual([[why], 1]);
  });

  it.each([1006, 1012, 4400, 4408, 4429])("F9: after %d it comes back", async (code) => {
    connect();
    edge.last.events.closed(code);
    await clock.pass(2_300);
    expect(edge.wires).toHaveLength(2);
  });

  it("F5: beats every 25 s, tells the heads, and leaves a host that no longer answers", async () => {
    connect();
    await clock.pass(26_000);
    const beat = edge.last.sent.at(-1);
    expect(beat?.type).toBe("beat");
    edge.says({ type: "heads", ref: beat?.ref ?? 0, now: 2, heads: [[CONVERSATION, 9, HASH]] });
    expect(dealt.map(({ type }) => type)).toEqual(["heads"]);
    await clock.pass(26_000 + 16_000);
    expect(edge.wires[0]?.isClosed).toBe(true);
  });

  it("hears nothing of a line that it has left", () => {
    connect();
    const old = edge.last;
    socket.stop();
    connect();
    old.events.received(JSON.stringify({ type: "behind", conversation: CONVERSATION, head: 9, hash: HASH }));
    old.events.closed(4401);
    expect([dealt, ended, socket.state]).toEqual([[], [], "open"]);
  });
});
