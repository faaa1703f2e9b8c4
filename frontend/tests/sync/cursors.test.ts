import { beforeEach, describe, expect, it } from "vitest";
import { Cursors } from "../../src/sync/cursors";
import { Clock } from "./clock";

const [A, B] = ["A".repeat(43), "B".repeat(43)];

describe("F4: cursors", () => {
  let clock: Clock;
  let said: [string, number][];
  let cursors: Cursors;

  beforeEach(() => {
    [clock, said] = [new Clock(), []];
    cursors = new Cursors(clock, (conversation, seq) => said.push([conversation, seq]));
  });

  function apply(conversation: string, from: number, to: number): void {
    for (let seq = from; seq <= to; seq += 1) cursors.reach(conversation, seq);
  }

  it("says a single entry at once", () => {
    apply(A, 1, 1);
    expect(said).toEqual([[A, 1]]);
  });

  it("says together what follows quickly, each conversation for itself", async () => {
    apply(A, 1, 4);
    apply(B, 1, 2);
    expect(said).toEqual([
      [A, 1],
      [B, 1],
    ]);
    await clock.pass(250);
    expect(said.slice(2)).toEqual([
      [A, 4],
      [B, 2],
    ]);
    await clock.pass(1_000);
    expect(said).toHaveLength(4);
  });

  it("never keeps more back than a quarter of the credit", () => {
    apply(A, 1, 60);
    expect(said).toEqual([
      [A, 1],
      [A, 17],
      [A, 33],
      [A, 49],
    ]);
  });

  it("says at once what a page brought", () => {
    apply(A, 1, 2);
    cursors.reach(A, 300);
    cursors.reach(A, 300);
    expect(said).toEqual([
      [A, 1],
      [A, 300],
      [A, 300],
    ]);
  });

  it("says nothing of a line that is gone", async () => {
    apply(A, 1, 3);
    cursors.forget();
    await clock.pass(1_000);
    expect(said).toEqual([[A, 1]]);
  });
});
