/** The kinds of tests/vectors/README.md that need nothing but their input. */
import * as crypto from "../../src/crypto";
import { decode, encode } from "../../src/crypto/codec";
import type { Fields, Value } from "../../src/crypto/codec";
import { readContent } from "../../src/crypto/content";
import { commitTo, readEpoch } from "../../src/crypto/epochs";
import { H } from "../../src/crypto/hashing";
import type { Label } from "../../src/crypto/objects";
import { isSignedBy, readObject } from "../../src/crypto/objects";
import { paddedLength } from "../../src/crypto/padding";
import type { Context } from "../../src/crypto/sealing";
import { isGoodKey, open, seal } from "../../src/crypto/sealing";
import * as sodium from "../../src/crypto/sodium";
import { present } from "./cast";
import { runFuzz } from "./fuzz";
import type { Json, Input, Result } from "./vectorform";
import {
  bytes,
  text,
  count,
  list,
  all,
  hex,
  secretOf,
  seedOf,
  given,
  toJson,
  accepted,
  opened,
  unreadable,
  refused,
  attempt,
  keysOf,
  toldDevice,
  messageOf,
  openedMessage,
  rowsOf,
  stateOf,
} from "./vectorform";

export const coding = {
  "codec.decode": (input: Input) => {
    const written = bytes(input["bytes"]);
    if (written.length > count(input["limit"])) return refused("malformed");
    const value = decode(written);
    if (!crypto.sameBytes(encode(value), written)) throw new Error("written otherwise than read");
    return accepted({ value: toJson(value) });
  },
  "codec.fuzz": (input: Input) => {
    const fuzz = { seed: count(input["seed"]), count: count(input["count"]), corpus: all(input["corpus"]) };
    const { accepted: many, digests } = runFuzz(fuzz);
    return accepted({ accepted: many, digests: digests.map(hex) });
  },
  "object.read": (input: Input) => {
    const object = readObject(bytes(input["object"]), text(input["label"]) as Label);
    if (!isSignedBy(object, signKeyOf(input["key"]))) return refused("bad_signature");
    return accepted({ hash: hex(object.hash), body: hex(object.bytes), signer: hex(object.signer) });
  },
  "session.sign": (input: Input) => {
    const device = { ...keysOf(input), chain: crypto.asChainId(new Uint8Array(32)) };
    const signature = crypto.signChallenge(device, bytes(input["challenge"]));
    return accepted({ device: hex(device.id), signature: hex(signature) });
  },
  "session.check": (input: Input) => {
    const signed = encode([1, "session-device", bytes(input["challenge"]), bytes(input["device"])]);
    return checked(input, signed);
  },
  signature: (input: Input) => checked(input, bytes(input["message"])),
  hash: (input: Input) => accepted({ hash: hex(H(fromJson(present(input["value"])) as [string])) }),
};

function signKeyOf(json: Json | undefined): crypto.SignKey {
  return bytes(json) as crypto.SignKey;
}

function checked(input: Input, signed: Uint8Array): Result {
  const signature = bytes(input["signature"]) as crypto.Signature;
  return sodium.verifyDetached(signature, signed, signKeyOf(input["key"]))
    ? accepted()
    : refused("bad_signature");
}

function fromJson(json: Json): Value {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(fromJson);
  const fields = Object.entries(json);
  const [only] = fields;
  if (fields.length === 1 && only?.[0] === "bytes") return bytes(only[1]);
  return Object.fromEntries(fields.map(([key, value]) => [key, fromJson(value)]));
}

const sealKey = (json: Json | undefined): crypto.SealKey => bytes(json) as crypto.SealKey;
const contextOf = (json: Json | undefined): Context => decode(bytes(json)) as Context;
export const sealing = {
  publickey: (input: Input) => (isGoodKey(sealKey(input["key"])) ? accepted() : refused("bad_key")),
  "xwing.public": (input: Input) => accepted({ public: hex(sodium.sealKeyOf(bytes(input["seed"]))) }),
  "xwing.encapsulate": (input: Input) => {
    const made = sodium.encapsulate(sealKey(input["public"]), bytes(input["randomness"]));
    return accepted({ encapsulation: hex(made.encapsulation), shared: hex(made.shared) });
  },
  "xwing.decapsulate": (input: Input) =>
    accepted({ shared: hex(sodium.decapsulate(bytes(input["encapsulation"]), bytes(input["seed"]))) }),
  "seal.make": (input: Input) => {
    const random = given(bytes(input["randomness"]));
    return accepted({
      sealed: hex(seal(sealKey(input["to"]), contextOf(input["context"]), bytes(input["plaintext"]), random)),
    });
  },
  "seal.open": (input: Input) =>
    attempt(() => {
      const plaintext = open(seedOf(input["seed"]), contextOf(input["context"]), bytes(input["sealed"]));
      return opened({ plaintext: hex(plaintext) });
    }, unreadable),
  "epoch.commit": (input: Input) => {
    const prev = (input["prev"] ?? null) === null ? null : crypto.asHash(bytes(input["prev"]));
    return accepted({ commit: hex(commitTo(count(input["number"]), prev, secretOf(input["secret"]))) });
  },
  "epoch.open": (input: Input) => {
    const epoch = readEpoch(readObject(bytes(input["epoch"]), "epoch"));
    const chain = crypto.asChainId(bytes(input["chain"]));
    const generation = crypto.rowOf(epoch.roster, chain)?.generation ?? 0;
    const person = { chain, seeds: new Map([[generation, seedOf(input["seed"])]]) };
    const sealed = (input["wrap"] ?? null) === null ? null : crypto.asSealed(bytes(input["wrap"]));
    const found = crypto.openWrap(epoch, sealed, person);
    if (found.ok) return opened({ secret: hex(found.secret.expose()) });
    return unreadable(found.cause === "faulty" ? "cannot_open" : "foreign_wrap");
  },
  "vault.key": (input: Input) => {
    const key = crypto.vaultKey(
      bytes(input["vault"]),
      bytes(input["local_half"]),
      bytes(input["server_half"]),
    );
    return accepted({ key: hex(key.expose()) });
  },
  "record.make": (input: Input) => {
    const { store, id, record, nonce } = input;
    const sealed = crypto.sealRecord(
      vaultKeyOf(input),
      text(store),
      text(id),
      bytes(record),
      given(bytes(nonce)),
    );
    return accepted({ sealed: hex(sealed) });
  },
  "record.open": (input: Input) =>
    attempt(() => {
      const { store, id, sealed } = input;
      return opened({
        record: hex(crypto.openRecord(vaultKeyOf(input), text(store), text(id), bytes(sealed))),
      });
    }, unreadable),
};
const vaultKeyOf = (input: Input): crypto.VaultKey => new crypto.Secret("vault", bytes(input["key"]));

export const messages = {
  padding: (input: Input) =>
    accepted({ padded: list(input["lengths"]).map((length) => paddedLength(count(length) + 1)) }),
  "message.make": (input: Input) => {
    const header = decode(bytes(input["header"])) as Fields;
    const { entry } = crypto.sealMessage(toSeal(header, input));
    return accepted({ object: hex(entry) });
  },
  "message.open": (input: Input) => {
    const kind = text(input["conversation"]) as crypto.Kind;
    return openedMessage(crypto.openMessage(messageOf(input["object"]), secretOf(input["secret"]), kind));
  },
  "message.key": (input: Input) =>
    openedMessage(
      crypto.openWithKey(
        messageOf(input["object"]),
        new crypto.Secret("message", bytes(input["key"])),
        "direct",
      ),
    ),
};

/** What a sender would have had at hand to write just this header. */
function toSeal(header: Fields, input: Input): crypto.ToSeal {
  const as = <T extends Uint8Array>(name: string) => header[name] as T;
  const placeOf = (name: string): crypto.Position => {
    const [n, hash] = header[name] as readonly [number, crypto.Hash];
    return { n, hash };
  };
  const epoch = { conversation: header["conversation"], number: header["epoch"], hash: header["epoch_hash"] };
  return {
    kind: "direct",
    epoch: epoch as unknown as crypto.Epoch,
    secret: secretOf(input["secret"]),
    device: toldDevice(input, as<crypto.ChainId>("person")),
    sending: { deviceSeq: header["device_seq"] as number, prevOwn: header["prev_own"] as crypto.Hash | null },
    seen: placeOf("seen"),
    head: placeOf("head"),
    clientId: as<crypto.ClientId>("client_id"),
    content: readContent(bytes(input["content"]), "direct"),
    random: given(bytes(input["nonce"])),
  };
}

/** Each list by its rows: what was merged has no order of its own. */
const ascendingIn = (state: Json): Json =>
  Object.fromEntries(
    Object.entries(state as Input).map(([name, rows]) => [name, [...list(rows)].sort(byText)]),
  );
const byText = (a: Json, b: Json): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

export const states = {
  "state.read": (input: Input) =>
    attempt(() => opened({ state: rowsOf(stateOf(present(input["content"]))) }), unreadable),
  "state.merge": (input: Input) => {
    let state = crypto.emptyState;
    let shown = 0;
    const [seen, revoked] = [list(input["seen"]), list(input["revoked"])];
    for (const [i, content] of list(input["contents"]).entries()) {
      const written = { seq: i + 1, seen: count(seen[i]), revoked: revoked[i] === true };
      const merged = crypto.mergeState(state, stateOf(content), written);
      state = merged.state;
      shown += merged.conflicts.length + merged.competing.length;
    }
    return accepted({ state: ascendingIn(rowsOf(state)), shown });
  },
};
