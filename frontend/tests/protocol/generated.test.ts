import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Answers } from "../../src/protocol";
import {
  decodeAnswer,
  decodeFromClient,
  decodeFromServer,
  FROM_CLIENT,
  FROM_SERVER,
  Undecodable,
} from "../../src/protocol";
import { counted } from "../messenger/scale";
import { Mutations } from "../mutations";

type Case = {
  readonly direction: "from_client" | "from_server" | "answer";
  readonly name: string;
  readonly frame: unknown;
  readonly expect: "accepted" | "refused";
};

const folder = new URL("../../../tests/vectors/frames/", import.meta.url);
const good = readdirSync(folder).map((file): Case => {
  const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly Case[];
  const found = cases.find((one) => one.expect === "accepted");
  if (found === undefined) throw new Error(`${file} has no example`);
  return found;
});
const COUNT = counted({ fast: 100, full: 500, long: 50_000 });

function decoded({ direction, name }: Case, frame: unknown): unknown {
  if (direction === "from_client") return decodeFromClient(frame);
  if (direction === "from_server") return decodeFromServer(frame);
  return decodeAnswer(name as keyof Answers, frame);
}

describe("B1, F8, H3: whatever comes is what the protocol says, or Undecodable", () => {
  test("no frame is without an example", () => {
    const named = (direction: string) =>
      new Set(good.filter((one) => one.direction === direction).map(({ name }) => name));
    expect(named("from_client")).toEqual(new Set(Object.values(FROM_CLIENT)));
    expect(named("from_server")).toEqual(new Set(Object.values(FROM_SERVER)));
  });

  test.each(good.map((one, at) => [one.direction, one.name, at] as const))("%s %s", (_, name, at) => {
    const one = good[at];
    if (one === undefined) throw new Error(name);
    const change = new Mutations(at + 1);
    let refused = 0;
    for (let left = COUNT; left > 0; left--) {
      const frame = change.json(one.frame);
      try {
        expect(decoded(one, frame)).toBe(frame);
      } catch (error) {
        if (!(error instanceof Undecodable)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(COUNT / 10);
    expect(({} as Record<string, unknown>)["type"]).toBeUndefined(); // nothing got into every object
  });
});
