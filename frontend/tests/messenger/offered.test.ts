import { expect, it } from "vitest";
import type { SealedMessage } from "../../src/crypto";
import {
  asConversationId,
  beginDirect,
  beginPerson,
  emptyState,
  firstSending,
  makeClientId,
  makeRecoveryCode,
  ready,
  sealMessage,
  Secret,
  systemRandom,
  toText,
  writeRecoveryCode,
} from "../../src/crypto";
import type { Entries } from "../../src/protocol";
import { say, TestClient } from "./world/client";
import type { TestSession } from "./world/host";
import { TestHost } from "./world/host";
import { TestTimers } from "./world/timers";

const random = systemRandom;
const junk = () => new Secret("epoch", random(32));

it("S3: of all secrets offered for an epoch the one that it commits to opens it, however many came before", async () => {
  await ready;
  const host = new TestHost(new TestTimers());
  const b = await new TestClient(host, host.addPerson("Damien")).join();
  const session: TestSession = { person: host.addPerson("Inès"), stage: "signed_in", device: null };
  const post = (path: string, body: object) =>
    host.serve(session, "POST", new URL(path, "http://host.example"), body);
  const code = makeRecoveryCode(random);
  const by = { organisation: random(16), at: host.timers.seconds, random };
  const { device, log, self, ...made } = beginPerson({ ...by, kind: "professional", code });
  post("/api/keys/start", {
    statements: made.statements.map(toText),
    seeds: made.seeds.map((seed) => ({
      ...seed,
      device: toText(seed.device),
      sealed: toText(seed.sealed),
    })),
    epoch: toText(self.statement),
    wrap: self.wraps.map(({ sealed }) => toText(sealed))[0],
  });
  const peer = b.session.person.log ?? log;
  const kind = "professional" as const;
  const direct = beginDirect({ ...by, device, own: { log, kind }, peer: { log: peer, kind } });
  post("/api/epochs", {
    conversation: null,
    statement: toText(direct.statement),
    wraps: direct.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)]),
  });
  const own = toText(self.conversation);
  const offer = (secret: Secret<"epoch">, last: SealedMessage | null): SealedMessage => {
    const there = host.logs.get(own);
    const n = there?.head ?? 0;
    const sealed = sealMessage({
      kind: "self",
      epoch: self.epoch,
      secret: self.secret,
      device,
      sending: last?.next ?? firstSending,
      seen: { n, hash: there?.hashes[n] ?? log.head.hash },
      head: log.head,
      clientId: makeClientId(random),
      content: {
        ...emptyState,
        secrets: [{ conversation: asConversationId(direct.conversation), number: 0, secret }],
      },
      random,
    });
    host.append(own, sealed.entry);
    return sealed;
  };
  let last: SealedMessage | null = null;
  for (const secret of [junk(), junk(), junk(), junk(), junk(), direct.secret, junk()])
    last = offer(secret, last);
  const conversation = toText(direct.conversation);
  await b.settle();
  await say(b, conversation, "retrouvé");
  await b.settle();
  const { hash } = host.logs.get(conversation) ?? { hash: "" };
  host.lies.set("GET /api/entries", (honest) => {
    const page = honest as Entries;
    return page.hash === hash
      ? { ...page, entries: page.entries.map((row) => ({ ...row, wrap: null })) }
      : page;
  });
  const anew = new TestClient(host, session.person);
  await anew.commands.open();
  await anew.commands.recover({ code: writeRecoveryCode(code).join("") });
  await anew.settle();
  expect(await anew.texts(conversation)).toEqual(["retrouvé"]);
  expect(anew.view(conversation).alarm).toBeNull();
});
