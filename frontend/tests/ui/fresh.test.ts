import { expect, test } from "vitest";
import { CommandError } from "../../src/messenger/commands";
import { Fresh } from "../../src/ui/fresh.svelte";

/** Refused until a factor was given, as the host does it. */
function act(code: "fresh_factor_needed" | "offline" = "fresh_factor_needed") {
  const told = { isFresh: false, times: 0 };
  const run = (): Promise<string> => {
    told.times++;
    return told.isFresh ? Promise.resolve("done") : Promise.reject(new CommandError(code));
  };
  return { told, run };
}

test("another failure asks for nothing", async () => {
  const fresh = new Fresh();
  const { run } = act("offline");
  await expect(fresh.withFreshFactor(run)).rejects.toThrow("offline");
  expect(fresh.asking).toBe(false);
});

test("whoever closes the question gets the first refusal, and nothing is tried again", async () => {
  const fresh = new Fresh();
  const { told, run } = act();
  const answer = fresh.withFreshFactor(run);
  await expect.poll(() => fresh.asking).toBe(true);
  fresh.settle(false);
  await expect(answer).rejects.toThrow("fresh_factor_needed");
  expect(told.times).toBe(1);
});

test("after a factor the act is tried once more, and the question is gone", async () => {
  const fresh = new Fresh();
  const { told, run } = act();
  const answer = fresh.withFreshFactor(run);
  await expect.poll(() => fresh.asking).toBe(true);
  told.isFresh = true;
  fresh.settle(true);
  expect(await answer).toBe("done");
  expect(told.times).toBe(2);
  expect(fresh.asking).toBe(false);
});

test("an act refused even then fails; it is not asked for without end", async () => {
  const fresh = new Fresh();
  const { told, run } = act();
  const answer = fresh.withFreshFactor(run);
  await expect.poll(() => fresh.asking).toBe(true);
  fresh.settle(true);
  await expect(answer).rejects.toThrow("fresh_factor_needed");
  expect(told.times).toBe(2);
});

test("a second question takes the place of the first, which is over", async () => {
  const fresh = new Fresh();
  const first = fresh.askFreshFactor();
  const second = fresh.askFreshFactor();
  fresh.settle(true);
  expect([await first, await second]).toEqual([false, true]);
});
