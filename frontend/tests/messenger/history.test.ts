import { describe, expect, it } from "vitest";
import { counted } from "./scale";
import { pair, say } from "./world/client";

describe("a long history", () => {
  it("is behind a first screen of sixty messages", async () => {
    const { a, conversation } = await pair();
    const count = counted({ fast: 200, full: 500, long: 10_000 });
    for (let n = 0; n < count; n += 50) {
      for (let one = 0; one < 50; one++) await say(a, conversation, `message ${String(n + one)}`);
      await a.settle(1_100);
    }
    await a.reload();
    const messages = await a.show(conversation, 60);
    expect(messages.at(-1)?.body).toMatchObject({ text: `message ${String(count - 1)}` });
    expect(messages).toHaveLength(60);
  }, 300_000);
});
