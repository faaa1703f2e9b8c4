/** The kinds of pairing and consent in tests/vectors/README.md. */
import * as crypto from "../../src/crypto";
import type { DeviceKeys } from "../../src/crypto/device";
import { deviceKeys } from "../../src/crypto/device";
import { present } from "./cast";
import type { Input, Json, Result } from "./vectorform";
import { accepted, all, bytes, hex, opened, refused, text } from "./vectorform";

const fieldsOf = (json: Json | undefined) => json as Input;
const codeOf = (input: Input) => ({
  code: new crypto.Secret("pairing", bytes(input["code"])),
  person: bytes(input["person"]),
});
const shownOf = (json: Json | undefined): crypto.ShownKeys => {
  const fields = fieldsOf(json);
  return {
    id: crypto.asDeviceId(bytes(fields["id"])),
    sign: bytes(fields["sign"]) as crypto.ShownKeys["sign"],
    unseal: bytes(fields["unseal"]) as crypto.ShownKeys["unseal"],
  };
};
const newKeys = (input: Input): DeviceKeys =>
  deviceKeys(bytes(input["sign_seed"]), bytes(input["unseal_seed"]));

export const pairing: { readonly [kind: string]: (input: Input) => Result } = {
  "pairing.write": (input) =>
    accepted({ written: crypto.writePairingCode(codeOf({ ...input, person: "" }).code).join("-") }),
  "pairing.read": (input) => accepted({ code: hex(crypto.readPairingCode(text(input["written"])).expose()) }),
  "pairing.offer": (input) => accepted({ mac: hex(crypto.offerMac(codeOf(input), shownOf(input["new"]))) }),
  "pairing.answer": (input) => {
    const added = shownOf(input["new"]);
    const chain = crypto.asChainId(bytes(input["chain"]));
    const addition = bytes(input["map"]);
    const by = shownOf(input["old"]);
    return accepted({ mac: hex(crypto.answerMac({ ...codeOf(input), added, chain, by, addition })) });
  },
  "pairing.check": (input) => {
    crypto.checkOffer(codeOf(input), shownOf(input["new"]), bytes(input["mac"]));
    return accepted();
  },
  "pairing.accept": (input) => {
    const answer = {
      addition: bytes(input["map"]),
      sealed: crypto.asSealed(bytes(input["sealed"])),
      mac: crypto.asHash(bytes(input["mac"])),
    };
    const by = crypto.asDeviceId(bytes(input["device"]));
    const statements = all(input["statements"]);
    const done = crypto.acceptAnswer({ ...codeOf(input), keys: newKeys(input), answer, statements, by });
    const { generation } = present(done.log.generations.at(-1));
    const seed = present(done.person.seeds.get(generation));
    return opened({ countersign: hex(done.countersign), seed: hex(seed.expose()) });
  },
  "pairing.complete": (input) => {
    const log = crypto.fold(all(input["statements"]));
    const id = crypto.asDeviceId(bytes(input["device"]));
    const device = { ...deviceKeys(bytes(input["sign_seed"]), new Uint8Array(32)), id };
    const done = crypto.completeAddition(log, device, bytes(input["map"]), bytes(input["countersign"]));
    return accepted({ statement: hex(done.statement) });
  },
  "consent.sign": (input) => {
    const code = crypto.readRecoveryCode(text(input["code"]));
    return accepted({ consent: hex(crypto.consentTo(code, bytes(input["statement"]))) });
  },
  "keylog.consent": (input) => {
    const log = crypto.fold(all(input["statements"]));
    const given = input["consent"];
    const consent = given === null ? null : crypto.asSignature(bytes(given));
    return crypto.standsAtOnce(log, bytes(input["statement"]), consent)
      ? accepted()
      : refused("paper_protected");
  },
};
