import { fc, test as property } from "./property";
import { expect, test } from "vitest";
import { counted } from "../messenger/scale";
import { linkify } from "../../src/ui/thread/linkify";

const kinds = (text: string): readonly string[] => linkify(text).map((piece) => piece.kind);
const links = (text: string): readonly string[] =>
  linkify(text).flatMap((piece) => (piece.kind === "link" ? [piece.href] : []));

test.each([
  "javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "<a href=https:x>ici</a>",
  "<img src=x onerror=alert(1)>",
  "vbscript:msgbox",
  "file:///etc/passwd",
  "https://",
  "https://.",
  "http://[::1",
  "https://banque.example@evil.example/",
  "https://user:pass@evil.example",
  "https://exаmple.fr/", // a Cyrillic letter
  "https://exemple.fr/\u202egpj.exe",
  "https://exem\u200bple.fr",
  "//exemple.fr",
  "exemple.fr",
  "HTTPS:exemple.fr",
  "https:\\\\exemple.fr",
])("%j stays text", (text) => {
  expect(kinds(text)).toEqual(["text"]);
});

test("an address is a link without the sentence's punctuation", () => {
  expect(linkify("Voir https://exemple.fr/a?b=1, puis (https://exemple.fr/c).")).toEqual([
    { kind: "text", text: "Voir " },
    { kind: "link", text: "https://exemple.fr/a?b=1", href: "https://exemple.fr/a?b=1" },
    { kind: "text", text: ", puis (" },
    { kind: "link", text: "https://exemple.fr/c", href: "https://exemple.fr/c" },
    { kind: "text", text: ")." },
  ]);
});

test("markup around an address is not part of it", () => {
  expect(links('<a href="https://exemple.fr/x">')).toEqual(["https://exemple.fr/x"]);
});

test.each([
  ["99700900002", "an RPPS"],
  ["2 79 03 51 215 189 89", "an INS"],
  ["279035121518989", "an INS in one piece"],
  ["01 99 00 00 145", "eleven digits"],
  ["a0199000014", "a word"],
  ["0199000", "seven digits"],
  ["00 99 00 00 14", "no French area"],
])("%s is no number to call: %s", (text) => {
  expect(kinds(text)).toEqual(["text"]);
});

test.each([
  ["01 99 00 00 14", "tel:0199000014"],
  ["01.99.00.00.14", "tel:0199000014"],
  ["0639980014", "tel:0639980014"],
  ["+33 6 39 98 00 14", "tel:+33639980014"],
  ["01\u00a099\u00a000\u00a000\u00a014", "tel:0199000014"],
])("%s can be called", (text, href) => {
  expect(linkify(`Tél. ${text}, merci`)).toContainEqual({ kind: "phone", text, href });
});

property("whatever is typed, the pieces put together are what was typed", () => {
  const words = fc.constantFrom(
    "https://exemple.fr/",
    "http://a.b?c",
    "01 99 00 00 14",
    " ",
    "<b>",
    "é",
    ".",
    "@",
    "\u202e",
  );
  const typed = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(words).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const pieces = linkify(text);
      expect(pieces.map((piece) => piece.text).join("")).toBe(text);
      for (const piece of pieces) if (piece.kind === "link") expect(piece.href).toMatch(/^https?:\/\//);
    }),
    { numRuns: counted({ fast: 200, full: 2_000, long: 20_000 }) },
  );
});
