import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Answers } from "../../src/protocol";
import { decodeAnswer, decodeFromClient, decodeFromServer, Undecodable } from "../../src/protocol";

type Case = {
  readonly comment: string;
  readonly direction: "from_client" | "from_server" | "answer";
  readonly name: string;
  readonly frame: unknown;
  readonly expect: "accepted" | "refused";
};

const folder = new URL("../../../tests/vectors/frames/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

function decode(one: Case): unknown {
  if (one.direction === "from_client") return decodeFromClient(one.frame);
  if (one.direction === "from_server") return decodeFromServer(one.frame);
  return decodeAnswer(one.name as keyof Answers, one.frame);
}

describe("F8, H3: frames and answers", () => {
  test("there are vectors", () => {
    expect(files.length).toBeGreaterThan(30);
  });
  test.each(files)("%s", (file) => {
    const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as readonly Case[];
    for (const one of cases) {
      if (one.expect === "accepted") expect(decode(one), one.comment).toEqual(one.frame);
      else expect(() => decode(one), one.comment).toThrow(Undecodable);
    }
  });
});

describe("F8: what no vector can hold", () => {
  test.each([undefined, null, 1, "text", [], () => 1, Number.NaN])("%s is no frame", (value) => {
    expect(() => decodeFromServer(value)).toThrow(Undecodable);
  });
  test("a name of every object is no field and no type", () => {
    expect(() => decodeFromServer({ type: "constructor" })).toThrow(Undecodable);
    expect(() => decodeFromServer({ type: "__proto__" })).toThrow(Undecodable);
    expect(() => decodeAnswer("Done", JSON.parse('{"__proto__":1}'))).toThrow(Undecodable);
  });
  test("the error names the place and not the value", () => {
    const wrong = { type: "marked", ref: "a secret" };
    expect(() => decodeFromServer(wrong)).toThrow("undecodable: Marked.ref");
  });
});
