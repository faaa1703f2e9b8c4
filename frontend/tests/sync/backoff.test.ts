import { describe, expect, it } from "vitest";
import { Backoff } from "../../src/sync/backoff";

describe("coming back after a line was lost", () => {
  it("thousands that lost the same host in one moment come back spread over seconds", () => {
    const firsts = Array.from({ length: 1_000 }, (_, i) => new Backoff(() => i / 1_000).next());
    const busiest = Array.from({ length: 40 }, (_, tenth) => {
      const isIn = (ms: number) => ms >= tenth * 100 && ms < (tenth + 1) * 100;
      return firsts.filter(isIn).length;
    });
    expect(Math.max(...busiest)).toBeLessThanOrEqual(30);
    expect([Math.min(...firsts), Math.max(...firsts)]).toEqual([500, 3_996.5]);
  });

  it("waits longer the oftener it fails, never over 12 s, and begins anew", () => {
    const backoff = new Backoff(() => 1 - 2 ** -52);
    const pauses = Array.from({ length: 5 }, () => Math.round(backoff.next()));
    expect(pauses).toEqual([4_000, 8_000, 12_000, 12_000, 12_000]);
    backoff.reset();
    expect(Math.round(backoff.next())).toBe(4_000);
  });
});
