/** Alice and Bob's conversation, and entries of it that no honest client makes. */
import * as crypto from "../../src/crypto";
import { encode } from "../../src/crypto/codec";
import type { Value } from "../../src/crypto/codec";
import type { Device } from "../../src/crypto/device";
import { H } from "../../src/crypto/hashing";
import { signObject } from "../../src/crypto/objects";
import type { Ledger } from "./cast";
import { codeOf, fieldsOf, person, present, renew, say, signed, talk } from "./cast";

export const alice = person("alice");
export const bob = person("bob");
export const charlie = person("charlie");
export const other = H(["test", "another hash"]);

export let ledger: Ledger;
export let first: crypto.MadeEpoch;
export let secret: crypto.EpochSecret;
/** A fresh conversation of Alice and Bob; the names below follow it. */
export function begin(): void {
  ({ ledger, first } = talk(alice, bob));
  secret = first.secret;
}
export const verdict = (entry: Uint8Array): string => codeOf(ledger.look(entry));
export const message = (altered: object = {}) => say(ledger, alice, secret, altered).entry;

/** A message with another header, signed as its device would. */
export function withHeader(altered: object, by: Device = alice.device): Uint8Array {
  const { commit, body, header } = fieldsOf(message());
  const fields = { ...(crypto.decode(header as Uint8Array) as object), ...altered };
  const bytes = encode({
    commit: present(commit),
    body: present(body),
    header: encode(fields as crypto.Fields),
  });
  return signObject("message", bytes, by);
}
/** The next epoch with other fields, signed as its maker would. */
export const withEpoch = (altered: object, by: Device = alice.device): Uint8Array =>
  signed("epoch", { ...fieldsOf(renew(ledger, alice).statement), ...altered }, by);
export const withRoster = (
  alter: (rows: Record<string, Value>[]) => readonly Value[],
  change: Value = [],
): Uint8Array => {
  const { roster } = fieldsOf(renew(ledger, alice).statement);
  const rows = (roster as readonly crypto.Fields[]).map((row) => ({ ...row }));
  return withEpoch({ roster: alter(rows), change });
};
export const eachRow = (altered: object) => withRoster((rows) => rows.map((row) => ({ ...row, ...altered })));
