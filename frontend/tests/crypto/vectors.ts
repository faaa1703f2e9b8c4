/** How each kind of tests/vectors/README.md is run here. A kind that is missing fails its file. */
import * as crypto from "../../src/crypto";
import type { DeviceKeys } from "../../src/crypto/device";
import { deviceKeys } from "../../src/crypto/device";
import { H } from "../../src/crypto/hashing";
import { paperKeys } from "../../src/crypto/recovery";
import { currentKey, seedsFrom } from "../../src/crypto/seeds";
import { Ledger, present } from "./cast";
import { Table } from "./table";
import { tableOfTeams } from "./teamtable";
import type { Json, Vector, Input, Result, WorldFile } from "./vectorform";
import {
  bytes,
  text,
  count,
  list,
  all,
  hex,
  seedOf,
  accepted,
  opened,
  unreadable,
  refused,
  attempt,
  foldUntil,
  toldDevice,
} from "./vectorform";
import { pairing } from "./pairingkinds";
import { coding, sealing, messages, states } from "./vectorkinds";

const logs = {
  "keylog.fold": (input: Input) => {
    const { log, at, code } = foldUntil(all(input["statements"]));
    if (code !== null) return refused(code, { at });
    const { chain, head, generations } = present(log);
    const current = generations.at(-1);
    return accepted({
      chain: hex(chain),
      head: [head.n, hex(head.hash)],
      generation: current?.generation ?? 0,
      public: current === undefined ? null : hex(current.public),
      counts: current !== undefined,
      devices: crypto
        .activeDevices(present(log))
        .map(({ id }) => hex(id))
        .sort(),
    });
  },
  "keylog.pin": (input: Input) => {
    const [chain, n, hash] = list(input["pin"]);
    const log = crypto.fold(all(input["statements"]));
    const head = { n: count(n), hash: crypto.asHash(bytes(hash)) };
    const wrong = crypto.againstPin(log, { chain: crypto.asChainId(bytes(chain)), head });
    // Asked for by its chain id, a log of another chain is not another identity but a false answer.
    return wrong === null ? accepted() : refused("key_log_refused");
  },
  "keylog.seed": (input: Input) =>
    attempt(() => {
      const log = crypto.fold(all(input["statements"]));
      const device = toldDevice(input, log.chain);
      const { generation } = currentKey(log);
      const sealed = crypto.asSealed(bytes(input["sealed"]));
      const person = crypto.openPerson(device, log, [{ device: device.id, generation, sealed }]);
      return opened({ seed: hex(present(person.seeds.get(generation)).expose()) });
    }, unreadable),
  "keylog.earlier": (input: Input) => {
    const seeds = seedsFrom(crypto.fold(all(input["statements"])), seedOf(input["seed"]));
    return opened({
      seeds: Object.fromEntries([...seeds].map(([generation, seed]) => [generation, hex(seed.expose())])),
    });
  },
  "recovery.read": (input: Input) =>
    accepted({ code: hex(crypto.readRecoveryCode(text(input["written"])).expose()) }),
  "recovery.write": (input: Input) => {
    const code: crypto.RecoveryCode = new crypto.Secret("recovery", bytes(input["code"]));
    const { id, signKey, unsealKey } = paperKeys(code);
    const written = crypto.writeRecoveryCode(code).join("-");
    return accepted({ written, device: hex(id), sign: hex(signKey), unseal: hex(unsealKey) });
  },
  "recovery.open": (input: Input) => {
    const { log, code } = foldUntil(all(input["statements"]));
    if (log === null || code !== null) return refused("key_log_refused");
    return recovered(log, input);
  },
};

function recovered(log: crypto.KeyLog, input: Input): Result {
  const code: crypto.RecoveryCode = new crypto.Secret("recovery", bytes(input["code"]));
  const generation = log.generations.at(-1)?.generation ?? 0;
  const seed = { device: paperKeys(code).id, generation, sealed: crypto.asSealed(bytes(input["sealed"])) };
  const found = crypto.recoverPerson({ code, log, seeds: [seed], at: 1, random: crypto.systemRandom });
  return opened({ seed: hex(present(found.person.seeds.get(generation)).expose()) });
}

export class Runner {
  readonly #world: WorldFile;
  readonly #kinds: { readonly [kind: string]: (input: Input) => Result };

  constructor(world: WorldFile) {
    this.#world = world;
    this.#kinds = {
      ...coding,
      ...logs,
      ...sealing,
      ...messages,
      ...states,
      ...pairing,
      ...this.#judging(),
      ...this.#tables(),
    };
  }

  run({ kind, input }: Vector): Result {
    const run = this.#kinds[kind];
    if (run === undefined) throw new Error(`no test knows the kind ${kind}`);
    return attempt(() => run(input));
  }

  #ledger(input: Input): { ledger: Ledger; verdicts: (readonly [string, string | null])[] } {
    const ledger = new Ledger(crypto.asConversationId(bytes(input["conversation"])), this.#known(input));
    const verdicts = all(input["entries"]).map((entry) => {
      const verdict = ledger.append(entry);
      return [verdict.kind, verdict.kind === "refused" ? verdict.code : null] as const;
    });
    return { ledger, verdicts };
  }

  #known(input: Input): readonly crypto.KeyLog[] {
    const known = Object.entries(input["key_logs"] as { readonly [name: string]: number });
    return known.filter(([, n]) => n > 0).map(([name, n]) => this.#log(name, n));
  }

  #log(name: string, n: number): crypto.KeyLog {
    return crypto.fold(all(present(this.#world.persons[name]).statements).slice(0, n));
  }

  #judging() {
    return {
      "log.judge": (input: Input): Result => {
        const { ledger, verdicts } = this.#ledger(input);
        const [expect, code] = present(verdicts.at(-1));
        return {
          expect: expect as Result["expect"],
          code,
          output: { verdicts, hash: hex(ledger.place.hash) },
        };
      },
      "log.follow": (input: Input): Result => this.#follow(input),
      "marker.judge": (input: Input): Result => this.#marker(input),
    };
  }

  /** L12 to L14, as one reader sees it. */
  #follow(input: Input): Result {
    const { chain, anchor, noted } = present(input["reader"]) as Input;
    const ledger = new Ledger(crypto.asConversationId(bytes(input["conversation"])), this.#known(input), {
      chain: crypto.asChainId(bytes(chain)),
      anchor: anchor === null ? null : positionOf(anchor),
      noted: noted === null ? null : notedOf(noted as Input),
    });
    const verdicts = list(input["entries"]).map((json) => follow(ledger, json as Input));
    const [expect, code] = present(verdicts.at(-1));
    return { expect, code, output: { verdicts, hash: hex(ledger.place.hash) } };
  }

  #marker(input: Input): Result {
    const { ledger } = this.#ledger(input);
    // No epoch is accepted yet: a key log that it needs is not here.
    if (ledger.current === null) return { expect: "waiting", code: null, output: {} };
    const { epoch } = ledger.current;
    const facts = { epoch, keyLog: (chain: crypto.ChainId) => ledger.keyLog(chain) };
    const kept = input["kept"] ?? null;
    const last = kept === null ? null : crypto.readMarker(bytes(kept), { ...facts, last: () => null });
    const marker = crypto.readMarker(bytes(input["marker"]), { ...facts, last: () => last });
    const compared = crypto.comparePlaces(marker, ledger.place.n, (n) => ledger.hashAt(n));
    if (compared === "differs") return refused("bad_marker");
    return compared === "fits" ? accepted() : { expect: "waiting", code: null, output: {} };
  }

  #tables() {
    const table = () =>
      new Table({ log: (name, n) => this.#log(name, n), device: (name) => this.#device(name) });
    const told = (codes: readonly string[]) => accepted({ codes, digest: hex(H(["table", codes])) });
    const teams = () => {
      const { counts, digests } = tableOfTeams((name, n) => this.#log(name, n));
      return accepted({ counts, digests: digests.map(hex) });
    };
    return {
      "table.teams": teams,
      "table.epochs": () => told(table().epochs()),
      "table.messages": () => told(table().messages()),
    };
  }

  #device(name: string): DeviceKeys {
    const found = present(this.#world.persons[name.replace(/-.*/, "")]).devices[name];
    const device = present(found);
    const keys = deviceKeys(bytes(device.sign_seed), bytes(device.unseal_seed));
    return { ...keys, id: crypto.asDeviceId(bytes(device.id)) };
  }
}

type Verdict = readonly [Result["expect"], string | null];
function follow(ledger: Ledger, { entry, stub }: Input): Verdict {
  if (stub !== undefined) {
    if (!ledger.allowsStub()) return ["refused", "removed_by_host"];
    ledger.stub(crypto.asHash(bytes(stub)));
    return ["accepted", null];
  }
  const verdict = ledger.append(bytes(entry));
  return [verdict.kind, verdict.kind === "refused" ? verdict.code : null];
}

function notedOf({ number, seq }: Input): crypto.Joining["noted"] {
  return { number: count(number), seq: count(seq) };
}

function positionOf(json: Json | undefined): crypto.Position {
  const [n, hash] = list(json);
  return { n: count(n), hash: crypto.asHash(bytes(hash)) };
}
