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
  it("is marked after 10 s, though the host's clock was told anew meanwhile", async () => {
    const { host, a, conversation } = await pair();
    takeNothing(host);
    host.lies.set("heads", (frame) => ({ ...(frame as object), now: host.timers.seconds - 1 }));
    const keys: string[] = [];
    for (let number = 0; number < 4; number++) {
      keys.push(await say(a, conversation, `Message ${String(number)}`));
      await a.settle(8_000);
    }
    await a.settle(4_000);
    expect(late(a)).toEqual(new Set(keys));
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
});
