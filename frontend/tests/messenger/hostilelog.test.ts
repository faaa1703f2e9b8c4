import { describe, expect, it } from "vitest";
import { fromText, toText } from "../../src/crypto";
import type { Entries } from "../../src/protocol";
import { pair, say, TestClient } from "./world/client";
import { ENTRIES, byPages, alarmOf, bodies, soon, expectBlocked } from "./world/lying";

describe("a host that lies about a log", () => {
  it("MS8: a replayed entry is refused, shown as such, and its text once", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    await say(b, conversation, "une fois");
    await a.settle();
    byPages(world, (page) => {
      const first = page.entries.find(({ seq }) => seq === 2);
      const copy = page.entries.map((row) =>
        row.seq === 3 ? { ...row, entry: kept.entry ?? row.entry } : row,
      );
      kept.entry ??= first?.entry ?? null;
      return { ...page, entries: copy };
    });
    const kept: { entry: string | null } = {
      entry: toText(world.host.logs.get(conversation)?.entries[1]?.bytes ?? new Uint8Array()),
    };
    await say(b, conversation, "autre chose");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "replayed" });
    expect((await a.texts(conversation)).filter((text) => text === "une fois")).toHaveLength(1);
    // The log is not the one the host claims either.
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    await expectBlocked(world);
  });

  it("MS9: an entry of another conversation is refused and shown", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    const other = await b.commands.openDirect({ person: c.session.person.id });
    await say(b, other, "pour Maëlle seulement");
    await b.settle();
    const foreign = toText(host.logs.get(other)?.entries.at(-1)?.bytes ?? new Uint8Array());
    byPages(world, (page) => ({
      ...page,
      entries: page.entries.map((row) => (row.seq === 2 ? { ...row, entry: foreign } : row)),
    }));
    await say(b, conversation, "pour Inès");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "replayed" });
    expect(await a.texts(conversation)).toEqual([]);
  });

  it("MS10: two entries in the other order make the log another one", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    for (const hint of ["entry", "behind"]) world.host.lies.set(hint, () => []);
    await say(b, conversation, "un");
    await say(b, conversation, "deux");
    await b.settle(1_000);
    byPages(world, (page) => {
      const [one, two] = page.entries.filter(({ seq }) => seq > 1);
      if (one === undefined || two === undefined) return page;
      return {
        ...page,
        entries: [
          { ...one, entry: two.entry },
          { ...two, entry: one.entry },
        ],
      };
    });
    world.host.lies.delete("behind");
    await a.settle(30_000);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
    await expectBlocked(world);
  });

  it("MS11, L8: a dropped entry is asked for again, then seen to be missing", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    byPages(world, (page) => ({ ...page, entries: page.entries.filter(({ seq }) => seq !== 2) }));
    await say(b, conversation, "gardé par l'hébergeur");
    await say(b, conversation, "la suite");
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({
      kind: "entry_refused",
      cause: "removed_by_host",
      seq: 2,
      blocks: true,
    });
    expect(a.view(conversation).behind).toBe(true);
    host.lies.clear();
    await a.settle(60_000);
    expect(await a.texts(conversation)).toEqual(["gardé par l'hébergeur", "la suite"]);
    expect(alarmOf(a, conversation)).toBeNull();
  });

  it("MS11: an entry dropped without a gap shows at the next entry", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    await say(b, conversation, "un");
    await a.settle();
    byPages(world, (page) => ({
      ...page,
      entries: page.entries
        .filter(({ seq }) => seq !== 3)
        .map((row) => (row.seq > 3 ? { ...row, seq: row.seq - 1 } : row)),
    }));
    await say(b, conversation, "effacé");
    await say(b, conversation, "trois");
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_forked", blocks: true });
  });

  it("MS13, L7: a shorter log is shown, blocks, and is forgiven once it is whole again", async () => {
    const world = await pair();
    const { host, a, b, conversation } = world;
    await say(b, conversation, "un");
    await say(b, conversation, "deux");
    await a.settle();
    const log = host.logs.get(conversation);
    host.lies.set(ENTRIES, (honest) => {
      const page = honest as Entries;
      if (page.hash !== log?.hash) return page;
      return { entries: [], head: 2, hash: toText(log.hashes[2] ?? new Uint8Array(32)) };
    });
    await a.reload();
    await soon(world);
    expect(alarmOf(a, conversation)).toMatchObject({ kind: "log_rolled_back", blocks: true });
    await expectBlocked(world);
    host.lies.clear();
    await a.reload();
    await a.settle(60_000);
    expect(alarmOf(a, conversation)).toBeNull();
    expect(await b.texts(conversation)).toEqual(["un", "deux", "retenu"]);
  });

  it("an altered byte is refused and shown", async () => {
    const world = await pair();
    const { a, b, conversation } = world;
    byPages(world, (page) => ({
      ...page,
      entries: page.entries.map((row) => {
        const bytes = fromText(row.entry ?? "");
        const at = bytes.length - 1;
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        return row.seq === 2 ? { ...row, entry: toText(bytes) } : row;
      }),
    }));
    await say(b, conversation, "intact");
    await soon(world);
    expect(await bodies(a, conversation)).toContainEqual({ kind: "refused", cause: "altered" });
    expect(alarmOf(a, conversation)).not.toBeNull();
  });

  it("E17: a wrap that the host keeps back is asked for again, then shown; nothing is sealed until the next epoch", async () => {
    const world = await pair();
    const { host, b } = world;
    const c = await new TestClient(host, host.addPerson("Maëlle")).join();
    host.lies.set(ENTRIES, (honest) => {
      const page = honest as Entries;
      return { ...page, entries: page.entries.map((row) => ({ ...row, wrap: null })) };
    });
    const conversation = await b.commands.openDirect({ person: c.session.person.id });
    await say(b, conversation, "fermé");
    await c.settle();
    expect(alarmOf(c, conversation)).toMatchObject({ kind: "wrap_withheld", cause: null, blocks: true });
    expect(await bodies(c, conversation)).toContainEqual({ kind: "unreadable", cause: "not_for_me" });
    await expectBlocked({ ...world, a: c, conversation });
    host.lies.clear();
    await host.timers.pass(24 * 3600 * 1000);
    await say(b, conversation, "le lendemain");
    await c.settle(30_000);
    expect(alarmOf(c, conversation)).toBeNull();
    expect(await bodies(c, conversation)).toContainEqual(expect.objectContaining({ text: "le lendemain" }));
  });
});
