import { describe, expect, it } from "vitest";
import type { TestClient } from "./world/client";
import { pair, say } from "./world/client";
import { Says, type TestHost } from "./world/host";

/** Messages that screens were told to be late. */
const late = ({ events }: TestClient): ReadonlySet<string> =>
  new Set(
    events.flatMap((event) =>
      event.type === "messages" ? event.messages.filter((one) => one.late).map(({ key }) => key) : [],
    ),
  );

function takeNothing(host: TestHost): void {
  host.append = () => {
    throw new Says("throttled");
  };
}

describe("a message that does not leave", () => {
  it.each([1, 3600])("is marked after 10 s, though the host's clock went back %i s", async (seconds) => {
    const { host, a, conversation } = await pair();
    takeNothing(host);
    host.lies.set("heads", (frame) => ({ ...(frame as object), now: host.timers.seconds - seconds }));
    const keys: string[] = [];
    for (let number = 0; number < 4; number++) {
      keys.push(await say(a, conversation, `Message ${String(number)}`));
      await a.settle(8_000);
    }
    await a.settle(4_000);
    expect(late(a)).toEqual(new Set(keys));
  });

  it("leaves by itself after a reload before a host that could not answer", async () => {
    const { host, a, conversation } = await pair();
    host.isSilent = true;
    await say(a, conversation, "Je passe demain.");
    host.isSilent = false;
    host.refuses.set("GET /api/session", "unavailable");
    await a.reload();
    expect(a.store.session.stage).toBe("locked");
    host.refuses.clear();
    await a.settle(20_000);
    expect((await a.show(conversation)).map(({ state }) => state)).not.toContain("queued");
  });

  it("is marked after a reload too", async () => {
    const { host, a, conversation } = await pair();
    takeNothing(host);
    const key = await say(a, conversation, "Je passe demain.");
    await a.settle(4_000);
    await a.reload();
    await a.settle(5_000);
    expect(late(a)).toEqual(new Set());
    await a.settle(2_000);
    expect(late(a)).toEqual(new Set([key]));
  });

  it("is marked 10 s after a reload at the latest, whatever the host says that it is", async () => {
    const { host, a, conversation } = await pair();
    takeNothing(host);
    const key = await say(a, conversation, "Je passe demain.");
    const isEarlier = (told: unknown) => ({ ...(told as object), now: host.timers.seconds - 3600 });
    for (const name of ["GET /api/session", "GET /api/conversations", "welcome"])
      host.lies.set(name, isEarlier);
    await a.reload();
    await a.settle(9_000);
    expect(late(a)).toEqual(new Set());
    await a.settle(2_000);
    expect(late(a)).toEqual(new Set([key]));
    expect((await a.show(conversation)).filter((one) => one.late).map((one) => one.key)).toEqual([key]);
  });

  it("is marked while the host is silent, survives a reload, and leaves once when it speaks again", async () => {
    const { host, a, b, conversation } = await pair();
    host.isSilent = true;
    const key = await say(a, conversation, "Je passe demain.");
    await a.settle(9_000);
    expect(late(a)).toEqual(new Set());
    await a.settle(1_500);
    expect(late(a)).toEqual(new Set([key]));
    await a.reload(); // stays locked
    await a.settle(90_000);
    host.isSilent = false;
    await a.reload();
    await a.settle(90_000);
    expect(a.view(conversation).queued).toBe(0);
    expect(await b.texts(conversation)).toEqual(["Je passe demain."]);
  });

  it("a line that died says since when nothing came, once, however often it tries again", async () => {
    const { host, a } = await pair();
    await a.settle(60_000);
    const before = a.events.length;
    host.isSilent = true;
    const silentFrom = host.timers.seconds;
    await a.settle(180_000);
    const told = a.events
      .slice(before)
      .flatMap((event) => (event.type === "connection" ? [event.connection] : []));
    expect(new Set(told.map(({ state }) => state))).toEqual(new Set(["offline"]));
    for (const { since } of told) {
      expect(since).toBeLessThanOrEqual(silentFrom);
      expect(since).toBeGreaterThan(silentFrom - 30);
    }
  });
});
