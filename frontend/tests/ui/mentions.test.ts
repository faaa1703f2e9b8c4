import { expect, test } from "vitest";
import type { MessageView } from "../../src/store/model";
import { signOf } from "../../src/ui/thread/acting.svelte";
import { linkify } from "../../src/ui/thread/linkify";
import { beginning, Mentioning, mentionOf, named } from "../../src/ui/thread/mentioning.svelte";
import { withMentions } from "../../src/ui/thread/mentions";
import { reachWords } from "../../src/ui/thread/reach";
import { changeWords, type Namer } from "../../src/ui/thread/rosterwords";
import { anneLise, from, gaetan, me, zoe } from "./stage/cast";

const everybody = [me, anneLise, gaetan, zoe];

test.each([
  ["nurse@clinic", null],
  ["no name here", null],
  ["@", ""],
  ["Bonjour @an", "an"],
  ["(@an", null],
  ["@anne lise testard cardiologue x", null],
] as const)("in %j a name that begins is %j", (text, query) => {
  expect(beginning(text, text.length)?.query ?? null).toBe(query);
});

test("nobody mentions themselves, and nobody is offered without an @", () => {
  const mentioning = new Mentioning(() => everybody);
  mentioning.follow("ines", 4);
  expect(mentioning.open).toBe(false);
  mentioning.follow("@ines", 5);
  expect(mentioning.open).toBe(false);
  mentioning.follow("@", 1);
  expect(mentioning.found).toEqual([anneLise, gaetan, zoe]);
});

test("picking writes the whole name where it was begun, and the caret goes behind it", () => {
  const mentioning = new Mentioning(() => everybody);
  mentioning.follow("Avis de @gae pour midi", 12);
  expect(mentioning.pick("Avis de @gae pour midi", mentioning.found[0])).toEqual({
    text: "Avis de @Gaëtan MAQUETTE pour midi",
    caret: "Avis de @Gaëtan MAQUETTE ".length,
  });
  expect(mentioning.open).toBe(false);
});

test("the list goes round at both ends", () => {
  const mentioning = new Mentioning(() => everybody);
  mentioning.follow("@", 1);
  mentioning.step(-1);
  expect(mentioning.active).toBe(2);
  mentioning.step(1);
  expect(mentioning.active).toBe(0);
});

test("a name that was rubbed out again is no mention, and one said twice is one", () => {
  const text = `${mentionOf(zoe)} et ${mentionOf(zoe)}`;
  expect(named(text, [gaetan, zoe, zoe])).toEqual([zoe.id]);
});

test("only those mentioned are set off, and the own name stands out", () => {
  const said = withMentions(linkify("@Gaëtan MAQUETTE, @Zoé ÉCHANTILLON et @Inès FACTICE-MODELE"), [
    gaetan,
    me,
  ]);
  expect(said.filter(({ kind }) => kind === "mention")).toEqual([
    { kind: "mention", text: "@Gaëtan MAQUETTE", me: false },
    { kind: "mention", text: "@Inès FACTICE-MODELE", me: true },
  ]);
  expect(said.map(({ text }) => text).join("")).toBe(
    "@Gaëtan MAQUETTE, @Zoé ÉCHANTILLON et @Inès FACTICE-MODELE",
  );
});

test("a mention inside an address stays part of the address", () => {
  const said = withMentions(linkify("https://exemple.fr/@Zoé"), [{ ...zoe, given: "Zoé", family: "" }]);
  expect(said.map(({ kind }) => kind)).toEqual(["link"]);
});

const at = 1_764_000_000;
const sent = (reach: MessageView["reach"]): MessageView => ({
  ...from(me, 1, at, "x"),
  state: "sent",
  reach,
});

test.each([
  [{ arrived: 0, readable: 0, read: 0, of: 3 }, ["envoyé"]],
  [{ arrived: 2, readable: 0, read: 0, of: 3 }, ["arrivé"]],
  [{ arrived: 3, readable: 2, read: 0, of: 3 }, ["lisible par 2 sur 3"]],
  [{ arrived: 3, readable: 3, read: 1, of: 3 }, ["lisible par 3 sur 3", "lu par 1"]],
  [{ arrived: 3, readable: 3, read: 3, of: 3 }, ["lu par tous"]],
  [{ arrived: 0, readable: 0, read: 0, of: 0 }, ["envoyé"]],
] as const)("with %o the line says %o", (reach, words) => {
  expect(reachWords(sent(reach))).toEqual(words);
});

test("what has not left has reached nobody", () => {
  expect(reachWords({ ...sent({ arrived: 1, readable: 1, read: 1, of: 1 }), state: "queued" })).toEqual([]);
});

test("a reaction is mine only if I am among its people", () => {
  const message = from(zoe, 1, at, "x");
  const body = {
    ...message.body,
    reactions: [{ sign: "seen", persons: [gaetan.id] }],
  } as MessageView["body"];
  expect(signOf({ ...message, body }, me.id)).toBeNull();
  expect(signOf({ ...message, body }, gaetan.id)).toBe("seen");
});

const who: Namer = {
  name: (id) => everybody.find((person) => person.id === id)?.given ?? "?",
  isMe: (id) => id === me.id,
};

test.each([
  [{ event: "added", person: zoe.id }, anneLise.id, "Anne-Lise a ajouté Zoé"],
  [{ event: "added", person: zoe.id }, me.id, "Vous avez ajouté Zoé"],
  [{ event: "added", person: me.id }, anneLise.id, "Anne-Lise vous a ajouté à l’équipe"],
  [{ event: "left", person: me.id }, zoe.id, "Vous avez quitté l’équipe"],
  [{ event: "role", person: zoe.id, role: "coordinator" }, me.id, "Vous avez confié la coordination à Zoé"],
  [{ event: "role", person: zoe.id, role: "member" }, zoe.id, "Zoé ne coordonne plus"],
  [{ event: "role", person: me.id, role: "member" }, me.id, "Vous ne coordonnez plus"],
  [{ event: "took_role", person: zoe.id }, zoe.id, "Zoé a pris la coordination, restée sans personne"],
  [{ event: "paused", person: zoe.id }, anneLise.id, "Zoé est suspendu par son établissement"],
] as const)("%o by %s is said as %j", (change, by, words) => {
  expect(changeWords(change, by, who)).toBe(words);
});
