import { describe, expect, it } from "vitest";
import { Api, HostRefused, HostSilent, PageSize, pull } from "../../src/sync";
import type { Entries } from "../../src/protocol";
import { Clock } from "./clock";

const CONVERSATION = "A".repeat(43);
const HASH = "B".repeat(42) + "A";

/** A host that gives these answers, and what it was asked. */
function apiOf(...answers: readonly (Response | Error | null)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const clock = new Clock();
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    const answer = answers[asked.length];
    asked.push({ url, init });
    if (answer === null || answer === undefined) return new Promise(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { api: new Api("https://host.example", fetch, clock), asked, clock };
}

const json = (body: unknown, status = 200) => Response.json(body, { status });

describe("asking the host", () => {
  it.each([
    ["a network error", new TypeError("network")],
    ["no JSON", new Response("<html>")],
    ["a field too many", json({ half: HASH, more: 1 })],
    ["a wrong type", json({ half: 7 })],
    ["an unknown code", json({ code: "weather", retry_after: null }, 400)],
    ["a refusal of another shape", json({ error: "x" }, 500)],
  ])("H3: takes %s for silence", async (_, answer) => {
    const { api } = apiOf(answer);
    await expect(api.makeVault({ vault: "x", device: "y" })).rejects.toBeInstanceOf(HostSilent);
  });

  it("takes no answer within 20 s for silence", async () => {
    const { api, asked, clock } = apiOf(null);
    const silent = expect(api.session()).rejects.toBeInstanceOf(HostSilent);
    expect(asked[0]?.init.signal?.aborted).toBe(false);
    await clock.pass(20_000);
    await silent;
    // A dead line is given back: a browser has few of them.
    expect(asked[0]?.init.signal?.aborted).toBe(true);
  });

  it("H2: gives a refusal its code and its pause", async () => {
    const { api } = apiOf(json({ code: "throttled", retry_after: 30 }, 429));
    await expect(api.signIn({ email: "a", password: "b", shared: false })).rejects.toEqual(
      new HostRefused("throttled", 30),
    );
  });

  it("H10: says which conversation stands in the way", async () => {
    const { api } = apiOf(json({ code: "exists", retry_after: null, conversation: CONVERSATION }, 409));
    const refused = await api
      .postEpoch({ conversation: null, statement: "AA", wraps: [] })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "exists", conversation: CONVERSATION });
  });

  it("H1: posts JSON from this origin only, and keeps no answer", async () => {
    const { api, asked } = apiOf(json({ half: HASH }));
    await api.makeVault({ vault: "v", device: "d" });
    expect(asked[0]).toMatchObject({
      url: "https://host.example/api/vault/make",
      init: {
        method: "POST",
        credentials: "same-origin",
        cache: "no-store",
        body: '{"vault":"v","device":"d"}',
      },
    });
  });

  it("writes what people search so that it stays a word", async () => {
    const { api, asked } = apiOf(json({ people: [] }));
    await api.people("a&limit=1 é");
    expect(asked[0]?.url).toBe("https://host.example/api/people?q=a%26limit%3D1%20%C3%A9");
  });
});

describe("catching up", () => {
  const page = (from: number, to: number, head: number): Entries => ({
    entries: Array.from({ length: to - from + 1 }, (_, i) => ({
      seq: from + i,
      at: 1,
      entry: "AA",
      stub: null,
      wrap: null,
    })),
    head,
    hash: HASH,
  });

  function reading(pages: readonly Entries[], move: (page: Entries) => number) {
    const state = { cursor: 0, asked: [] as number[] };
    const api = {
      entries: (_: string, after: number) => {
        state.asked.push(after);
        const found = pages[state.asked.length - 1];
        return found === undefined ? Promise.reject(new Error("asked too often")) : Promise.resolve(found);
      },
    };
    const apply = (got: Entries) => {
      state.cursor = move(got);
      return Promise.resolve(true);
    };
    return {
      state,
      done: pull(api, new PageSize(), { conversation: CONVERSATION, cursor: () => state.cursor, apply }),
    };
  }

  it("H12: asks page after page until it stands at the head", async () => {
    const { state, done } = reading(
      [page(1, 2, 5), page(3, 4, 5), page(5, 5, 5)],
      (got) => got.entries.at(-1)?.seq ?? 0,
    );
    await done;
    expect(state.asked).toEqual([0, 2, 4]);
  });

  it("asks for less after a page that did not come, and for more again once they come", async () => {
    const [size, asked] = [new PageSize(), [] as number[]];
    let [cursor, most] = [0, 20];
    const api = {
      entries: (_: string, after: number, limit: number) => {
        asked.push(limit);
        return limit > most
          ? Promise.reject(new HostSilent())
          : Promise.resolve(page(after + 1, after + limit, 2_000));
      },
    };
    const apply = (got: Entries) => {
      cursor = got.entries.at(-1)?.seq ?? 0;
      if (cursor > 20) most = 500;
      return Promise.resolve(true);
    };
    const go = () => pull(api, size, { conversation: CONVERSATION, cursor: () => cursor, apply });
    for (let turn = 0; turn < 3; turn++) await expect(go()).rejects.toBeInstanceOf(HostSilent);
    await go();
    expect(asked).toEqual([500, 125, 31, 8, 16, 32, 64, 128, 256, 500, 500, 500]);
  });

  it("asks for no less after a refusal", async () => {
    const size = new PageSize();
    const api = { entries: () => Promise.reject(new HostRefused("unavailable", 2)) };
    const apply = () => Promise.resolve(true);
    await expect(
      pull(api, size, { conversation: CONVERSATION, cursor: () => 0, apply }),
    ).rejects.toBeInstanceOf(HostRefused);
    expect(size.entries).toBe(500);
  });

  it("stops when nothing moves", async () => {
    const { state, done } = reading([page(1, 2, 5)], () => 0);
    await done;
    expect(state.asked).toEqual([0]);
  });
});
