/** A person whose keys a test holds, so that it may sign what no honest client signs. */
import type { Beginning, Device, KeyLog, PersonKeys, SealedSeed } from "../../../src/crypto";
import {
  asConversationId,
  beginPerson,
  fromText,
  makeMarker,
  makeRecoveryCode,
  nextEpoch,
  recoverPerson,
  revokeDevice,
  systemRandom,
  toText,
} from "../../../src/crypto";
import { hexBytes } from "../../../src/messenger/hex";
import type { TestHost, TestSession } from "./host";
import { ORGANISATION } from "./host";
import type { HostLog } from "./log";

type Position = { readonly n: number; readonly hash: KeyLog["head"]["hash"] };

const written = ({ device, generation, sealed }: SealedSeed) => ({
  device: toText(device),
  generation,
  sealed: toText(sealed),
});

export class Hand {
  readonly host: TestHost;
  readonly session: TestSession;
  readonly made: Beginning;
  readonly #code = makeRecoveryCode(systemRandom);
  log: KeyLog;

  constructor(host: TestHost, given: string) {
    const organisation = hexBytes(ORGANISATION);
    const at = host.timers.seconds;
    this.host = host;
    this.session = { person: host.addPerson(given), stage: "signed_in", device: null };
    this.made = beginPerson({
      code: this.#code,
      organisation,
      kind: "professional",
      at,
      random: systemRandom,
    });
    const { self, statements, seeds } = this.made;
    this.log = this.made.log;
    this.#post("/api/keys/start", {
      statements: statements.map(toText),
      seeds: seeds.map(written),
      epoch: toText(self.statement),
      wrap: toText(self.wraps[0]?.sealed ?? new Uint8Array()),
    });
  }

  get device(): Device {
    return this.made.device;
  }

  /** Another browser of theirs. */
  second(): { readonly device: Device; readonly person: PersonKeys } {
    const { log, made, host } = this;
    const at = host.timers.seconds;
    const added = recoverPerson({ code: this.#code, log, seeds: made.seeds, at, random: systemRandom });
    this.#append(added.statements, added.seeds);
    this.log = added.log;
    return added;
  }

  /** The first browser is put out by the second. */
  revoke(by: { readonly device: Device; readonly person: PersonKeys }): void {
    const at = this.host.timers.seconds;
    const { log, device: revoked } = this;
    const after = revokeDevice({ ...by, log, revoked: revoked.id, at, random: systemRandom });
    this.#append([after.statement], after.seeds);
    this.log = after.log;
  }

  /** The next epoch, by the first browser, naming these logs. */
  epoch(log: HostLog, logs: readonly KeyLog[]): void {
    const { current } = log;
    if (current === null) throw new Error("no epoch");
    const seen = { n: log.head, hash: log.hashes[log.head] ?? logs[0]?.head.hash ?? current.epoch.hash };
    const { device, host } = this;
    const made = nextEpoch({ device, current, logs, seen, at: host.timers.seconds, random: systemRandom });
    const wraps = made.wraps.map(({ chain, sealed }) => [toText(chain), toText(sealed)]);
    this.#post("/api/epochs", { conversation: log.id, statement: toText(made.statement), wraps });
  }

  mark(log: HostLog, counter: number, arrived: Position): void {
    const places = { arrived, readable: null, read: null };
    const conversation = asConversationId(fromText(log.id));
    this.host.mark(
      makeMarker({ conversation, counter, at: this.host.timers.seconds, ...places }, this.device),
    );
  }

  #append(statements: readonly Uint8Array[], seeds: readonly SealedSeed[]): void {
    this.#post("/api/keys/append", {
      statements: statements.map(toText),
      seeds: seeds.map(written),
      consent: null,
    });
  }

  #post(path: string, body: object): void {
    this.host.serve(this.session, "POST", new URL(`http://host.example${path}`), body);
  }
}
