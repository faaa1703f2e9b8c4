import { beforeEach, expect, test, vi } from "vitest";
import { CommandError, type Commands } from "../../src/messenger/commands";
import type { PersonView } from "../../src/store/model";
import { Attempt, sentence } from "../../src/ui/attempt.svelte";
import { language } from "../../src/ui/i18n";
import { Announcer } from "../../src/ui/announcer.svelte";
import { Finding } from "../../src/ui/people/finding.svelte";
import { Composing } from "../../src/ui/thread/composing.svelte";
import { anneLise, conversation, from, gaetan } from "./stage/cast";
import { stage } from "./stage/script";

const talk = conversation(anneLise, { draft: "déjà écrit" });

/** The scripted engine with some answers of our own. */
function engine(answers: Partial<Commands> = {}): Commands {
  return Object.assign(
    stage(new URLSearchParams())(() => undefined),
    answers,
  );
}

const failing = (code: ConstructorParameters<typeof CommandError>[0]) => (): Promise<never> =>
  Promise.reject(new CommandError(code));

beforeEach(async () => {
  vi.useFakeTimers();
  await language.choose("fr");
});

test("a message that could not be taken stays in the field, with why", async () => {
  const composing = new Composing(engine({ send: failing("storage") }), talk, () => null);
  composing.text = "à ne pas perdre";
  expect(await composing.send()).toBe(false);
  expect(composing.text).toBe("à ne pas perdre");
  expect(composing.error).toContain("navigateur");
});

test("what was typed meanwhile is not lost either", async () => {
  const composing = new Composing(engine({ send: failing("storage") }), talk, () => null);
  composing.text = "un";
  const sending = composing.send();
  composing.text = "deux";
  await sending;
  expect(composing.text).toBe("un\ndeux");
});

test("two messages sent at once both leave, in order", async () => {
  const sent: string[] = [];
  const send: Commands["send"] = ({ text }) => {
    sent.push(text);
    return new Promise(() => undefined);
  };
  const composing = new Composing(engine({ send }), talk, () => null);
  composing.text = "un";
  void composing.send();
  composing.text = "deux";
  void composing.send();
  await Promise.resolve();
  expect(sent).toEqual(["un", "deux"]);
  expect(composing.text).toBe("");
});

test("blank words are not sent", async () => {
  const composing = new Composing(engine({ send: failing("bug") }), talk, () => null);
  composing.text = " \n ";
  expect(await composing.send()).toBe(false);
  expect(composing.error).toBeNull();
});

test("a draft is saved once after a pause, and when the thread is left", async () => {
  const saved: string[] = [];
  const saveDraft: Commands["saveDraft"] = ({ text }) => {
    saved.push(text);
    return Promise.resolve();
  };
  const composing = new Composing(engine({ saveDraft }), talk, () => null);
  expect(composing.text).toBe("déjà écrit");
  composing.text = "a";
  composing.text = "ab";
  await vi.advanceTimersByTimeAsync(600);
  composing.text = "abc";
  composing.keep();
  await vi.advanceTimersByTimeAsync(600);
  expect(saved).toEqual(["ab", "abc"]);
});

test("a withdrawn message comes back before what is being written", () => {
  const composing = new Composing(engine(), conversation(anneLise, {}), () => null);
  composing.giveBack("retiré");
  expect(composing.text).toBe("retiré");
  composing.giveBack("encore");
  expect(composing.text).toBe("encore\nretiré");
});

test("an answer carries what it answers, once", async () => {
  const quotes: (string | null)[] = [];
  const send: Commands["send"] = ({ quote }) => {
    quotes.push(quote);
    return Promise.resolve("k");
  };
  const composing = new Composing(engine({ send }), talk, () => null);
  composing.answer(from(anneLise, 4, 1, "question"));
  await composing.send();
  composing.text = "suite";
  await composing.send();
  expect(quotes).toEqual(["m4", null]);
});

test("only the answer to the last question counts", async () => {
  const answers: ((people: readonly PersonView[]) => void)[] = [];
  const findPeople: Commands["findPeople"] = () => new Promise((resolve) => answers.push(resolve));
  const finding = new Finding(engine({ findPeople }));
  finding.query = "a";
  await vi.advanceTimersByTimeAsync(300);
  finding.query = "an";
  await vi.advanceTimersByTimeAsync(300);
  answers[1]?.([anneLise]);
  await vi.advanceTimersByTimeAsync(0);
  answers[0]?.([gaetan]);
  await vi.advanceTimersByTimeAsync(0);
  expect(finding.people).toEqual([anneLise]);
});

test("an emptied search asks the directory nothing and shows nobody", async () => {
  let asked = 0;
  const findPeople: Commands["findPeople"] = () => {
    asked += 1;
    return Promise.resolve([anneLise]);
  };
  const finding = new Finding(engine({ findPeople }));
  finding.query = "a";
  await vi.advanceTimersByTimeAsync(300);
  finding.query = " ";
  await vi.advanceTimersByTimeAsync(300);
  expect([asked, finding.people, finding.busy]).toEqual([1, [], false]);
});

test("a directory that does not answer says so and shows nobody", async () => {
  const finding = new Finding(engine({ findPeople: failing("offline") }));
  finding.query = "a";
  await vi.advanceTimersByTimeAsync(300);
  expect([finding.failed, finding.busy, finding.people]).toEqual([true, false, []]);
});

test("an attempt asked twice runs once", async () => {
  const attempt = new Attempt();
  let runs = 0;
  const work = (): Promise<number> => Promise.resolve((runs += 1));
  expect(await Promise.all([attempt.run(work), attempt.run(work)])).toEqual([1, null]);
});

test("anything but a known failure is told as an error of ours", async () => {
  const attempt = new Attempt();
  await attempt.run(() => Promise.reject(new Error("secret detail")));
  expect(attempt.failure?.code).toBe("bug");
  expect(attempt.error).not.toContain("secret");
});

test("too many attempts say how long to wait", () => {
  expect(sentence(new CommandError("throttled", 240))).toMatch(/4\sminutes/);
  expect(sentence(new CommandError("throttled"))).toContain("Attendez");
});

test("messages that come in a burst are announced as a number", async () => {
  const announcer = new Announcer((count) => `${count.toString()} nouveaux`);
  announcer.say("un");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(announcer.text).toBe("un");
  announcer.say("deux");
  announcer.say("trois");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(announcer.text).toBe("2 nouveaux");
});
