import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hash } from "../../src/crypto";
import { asChainId, H, ready } from "../../src/crypto";
import { folded } from "../../src/messenger/folding";
import type { EntryRecord, Shown } from "../../src/messenger/records";
import { SIGNS } from "../../src/store/model";

await ready;
const hash = (name: string): Hash => H(["test", name]);
const writer = asChainId(hash("writer"));
const other = asChainId(hash("other"));
const target = hash("target");

const record = (seq: number, sender: typeof writer, shown: Shown): EntryRecord => ({
  seq,
  at: 1_000 + seq,
  hash: hash(String(seq)),
  entry: new Uint8Array(),
  accepted: true,
  sender,
  clientId: null,
  epoch: 0,
  shown,
});
const said = record(1, writer, {
  kind: "text",
  text: "dit",
  quote: null,
  mentions: [],
  edited: null,
  retracted: null,
  reactions: [],
});
const edit = (seq: number, sender = writer) =>
  record(seq, sender, {
    kind: "act",
    act: { kind: "edit", target, text: `version ${String(seq)}`, mentions: [] },
  });
const retract = (seq: number, sender = writer) =>
  record(seq, sender, { kind: "act", act: { kind: "retract", target } });
const react = (seq: number, sender = other, sign: (typeof SIGNS)[number] | null = "heart") =>
  record(seq, sender, { kind: "act", act: { kind: "react", target, sign } });
const after = (...acts: readonly EntryRecord[]): EntryRecord =>
  acts.reduce((shown, act) => folded(shown, act) ?? shown, said);

describe("M11, M12: what counts for nothing", () => {
  it("an edit or a retraction by another, or of what is no text", () => {
    expect(folded(said, edit(2, other))).toBeNull();
    expect(folded(said, retract(2, other))).toBeNull();
    expect(folded(record(1, writer, { kind: "nothing" }), edit(2))).toBeNull();
    expect(folded({ ...said, accepted: false }, react(2))).toBeNull();
  });
  it("what stands before its target", () => {
    expect(folded({ ...said, seq: 5 }, edit(2))).toBeNull();
  });
  it("an earlier edit after a later one, anything after a retraction", () => {
    expect(folded(after(edit(4)), edit(3))).toBeNull();
    expect(folded(after(retract(4)), edit(5))).toBeNull();
    expect(folded(after(retract(4)), react(5))).toBeNull();
    expect(folded(after(react(4)), react(3, other, "agree"))).toBeNull();
  });
});

const act = fc.record({
  which: fc.constantFrom("edit", "retract", "react"),
  mine: fc.boolean(),
  sign: fc.constantFrom(...SIGNS, null),
});

it("A8: whatever the order in which they open, the same is shown", () => {
  const property = fc.property(
    fc.array(act, { maxLength: 12 }),
    fc.infiniteStream(fc.nat(99)),
    (acts, random) => {
      const made = acts.map(({ which, mine, sign }, i) => {
        const by = mine ? writer : other;
        if (which === "edit") return edit(i + 2, by);
        return which === "retract" ? retract(i + 2, by) : react(i + 2, by, sign);
      });
      const shuffled = made
        .map((one) => ({ one, place: random.next().value }))
        .sort((a, b) => a.place - b.place)
        .map(({ one }) => one);
      expect(visible(after(...shuffled))).toEqual(visible(after(...made)));
    },
  );
  fc.assert(property, { numRuns: 500, seed: 20261124 });
});

/** As a person sees it: what was taken back shows nothing else. */
function visible({ shown }: EntryRecord) {
  if (shown.kind !== "text" || shown.retracted !== null)
    return { retracted: shown.kind === "text" && shown.retracted };
  const reactions = shown.reactions.filter(({ sign }) => sign !== null).sort((a, b) => a.seq - b.seq);
  return { text: shown.text, edited: shown.edited, reactions };
}
