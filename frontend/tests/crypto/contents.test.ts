import { describe, expect, test } from "vitest";
import type { Content, Hash } from "../../src/crypto";
import { asChainId } from "../../src/crypto";
import type { Fields } from "../../src/crypto/codec";
import { encode } from "../../src/crypto/codec";
import { readContent, writeContent } from "../../src/crypto/content";
import { H } from "../../src/crypto/hashing";
import { refused } from "./cast";

const target: Hash = H(["test", "target"]);
const chains = Array.from({ length: 51 }, (_, n) => asChainId(H(["test", n]))).sort((a, b) =>
  a < b ? -1 : 1,
);
const ascending = [...chains].sort((a, b) => Buffer.compare(a, b));
const reads = (fields: Fields, kind: "self" | "direct" | "team" = "team") =>
  refused(() => readContent(encode(fields), kind));

const CONTENTS: readonly Content[] = [
  { kind: "text", text: "x", quote: target, mentions: ascending.slice(0, 50) },
  { kind: "edit", target, text: "y", mentions: [] },
  { kind: "retract", target },
  { kind: "react", target, sign: "heart" },
  { kind: "react", target, sign: null },
  { kind: "title", title: "Équipe de nuit" },
];

describe("refused", () => {
  test.each<[string, Fields]>([
    ["M6 51 mentions", { kind: "text", text: "x", quote: null, mentions: ascending }],
    [
      "M6 mentions descending",
      { kind: "text", text: "x", quote: null, mentions: [...ascending.slice(0, 2)].reverse() },
    ],
    [
      "M6 a mention twice",
      { kind: "text", text: "x", quote: null, mentions: ascending.slice(0, 1).flatMap((c) => [c, c]) },
    ],
    ["M6 no mentions", { kind: "text", text: "x", quote: null }],
    ["M11 an edit of nothing", { kind: "edit", target: null, text: "y", mentions: [] }],
    ["M11 an edit to nothing", { kind: "edit", target, text: "", mentions: [] }],
    ["M11 an edit that quotes", { kind: "edit", target, text: "y", quote: null, mentions: [] }],
    ["M11 a retraction with a reason", { kind: "retract", target, text: "y" }],
    ["M12 an unknown sign", { kind: "react", target, sign: "thumb" }],
    ["M12 no sign at all", { kind: "react", target }],
    ["M13 an empty title", { kind: "title", title: "" }],
    ["M13 81 characters", { kind: "title", title: "é".repeat(81) }],
    ["M13 a line break", { kind: "title", title: "a\nb" }],
    ["M13 a control character of Latin-1", { kind: "title", title: "a\u0085b" }],
  ])("%s is malformed", (_, fields) => {
    expect(reads(fields)).toBe("malformed");
  });
  test("M6 what is said where", () => {
    const kinds = CONTENTS.map((content) => [content.kind, reads(content as unknown as Fields, "direct")]);
    expect(Object.fromEntries(kinds)).toEqual({
      text: null,
      edit: null,
      retract: null,
      react: null,
      title: "newer_version",
    });
    for (const content of CONTENTS) expect(reads(content as unknown as Fields, "self")).toBe("newer_version");
  });
  test("M6, M13 before sealing: too long, or where it is not said", () => {
    const edit = { kind: "edit", target, text: "a".repeat(8001), mentions: [] } as const;
    expect(refused(() => writeContent(edit, "team"))).toBe("too_long");
    expect(refused(() => writeContent({ kind: "title", title: "a".repeat(81) }, "team"))).toBe("too_long");
    expect(refused(() => writeContent({ kind: "title", title: "a" }, "direct"))).toBe("malformed");
    expect(refused(() => writeContent({ kind: "title", title: "\t" }, "team"))).toBe("malformed");
  });
});

test("M11 to M14 read ∘ write is identity; a title has 80 characters of any plane", () => {
  for (const content of [...CONTENTS, { kind: "title", title: "\u{1f600}".repeat(80) } as const])
    expect(readContent(writeContent(content, "team"), "team")).toEqual(content);
});
