/** Every file of tests/vectors, made by the second implementation from PROTOCOL.md alone. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Vector, WorldFile } from "./vectorform";
import { Runner } from "./vectors";
import "./cast";

const root = fileURLToPath(new URL("../../../tests/vectors/", import.meta.url));
const json = (path: string): unknown => JSON.parse(readFileSync(root + path, "utf8"));
// `frames` are the server's and have a runner of their own; `making` and `running` are the other language's.
const NOT_OURS = ["frames", "making", "running", "__pycache__"];
const FOLDERS = [
  "codec",
  "objects",
  "keylog",
  "recovery",
  "sealing",
  "epochs",
  "messages",
  "judging",
  "markers",
  "state",
  "vault",
  "table",
  "pairing",
  "consent",
  "joining",
  "teams",
];

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NOT_OURS.includes(entry.name))
  .map(({ name }) => name);
const runner = new Runner(json("world.json") as WorldFile);

test("every folder is there, and none that is not known", () => {
  expect([...folders].sort()).toEqual([...FOLDERS].sort());
});

describe.each(folders)("%s", (folder) => {
  const files = readdirSync(root + folder).filter((name) => name !== "__pycache__");
  test("holds vectors and nothing else", () => {
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).toMatch(/\.json$/);
  });
  const vectors = files.map((file) => ({ file, vector: json(`${folder}/${file}`) as Vector }));
  test.each(vectors)("$vector.rule $file", ({ vector }) => {
    const { expect: outcome, code, output } = runner.run(vector);
    expect({ outcome, code }).toEqual({ outcome: vector.expect, code: vector.code });
    const named = Object.keys(vector.output).map((name) => [name, output[name]]);
    expect(Object.fromEntries(named)).toEqual(vector.output);
  });
});
