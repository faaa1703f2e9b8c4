/** The form of the files of tests/vectors, and how their words become ours. */
import * as crypto from "../../src/crypto";
import type { Fields, Value } from "../../src/crypto/codec";
import { readContent, writeContent } from "../../src/crypto/content";
import type { DeviceKeys } from "../../src/crypto/device";
import { deviceKeys } from "../../src/crypto/device";
import type { Code } from "../../src/crypto/refused";
import { Refused } from "../../src/crypto/refused";

export type Vector = {
  readonly rule: string;
  readonly comment: string;
  readonly kind: string;
  readonly input: Input;
  readonly expect: "accepted" | "refused" | "waiting" | "opened" | "unreadable";
  readonly code: string | null;
  readonly output: { readonly [name: string]: Json };
};
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Input = { readonly [name: string]: Json };
export type Result = Pick<Vector, "expect" | "code"> & {
  readonly output: { readonly [name: string]: unknown };
};
export type Output = Result["output"];

export type PersonFile = {
  readonly code: string;
  readonly statements: readonly string[];
  readonly devices: {
    readonly [name: string]: {
      readonly id: string;
      readonly sign_seed: string;
      readonly unseal_seed: string;
    };
  };
};
export type WorldFile = { readonly persons: { readonly [name: string]: PersonFile } };

export const bytes = (json: Json | undefined): Uint8Array => Uint8Array.from(Buffer.from(text(json), "hex"));
export const text = (json: Json | undefined): string => (typeof json === "string" ? json : wrong(json));
export const count = (json: Json | undefined): number => (typeof json === "number" ? json : wrong(json));
export const list = (json: Json | undefined): readonly Json[] =>
  Array.isArray(json) ? (json as readonly Json[]) : wrong(json);
export const all = (json: Json | undefined): readonly Uint8Array[] => list(json).map(bytes);
export const hex = (from: Uint8Array): string => Buffer.from(from).toString("hex");
export const wrong = (json: unknown): never => {
  throw new TypeError(`unexpected input: ${JSON.stringify(json)}`);
};
export const secretOf = (json: Json | undefined): crypto.EpochSecret =>
  new crypto.Secret("epoch", bytes(json));
export const seedOf = (json: Json | undefined): crypto.UnsealSeed => new crypto.Secret("unseal", bytes(json));
export const given =
  (randomness: Uint8Array): crypto.Random =>
  () =>
    randomness;

/** A decoded value as the vectors write it. */
export function toJson(value: Value): Json {
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (Array.isArray(value)) return (value as readonly Value[]).map(toJson);
  if (value === null || typeof value !== "object") return value;
  const fields = Object.entries(value as Fields).map(([key, item]) => [key, toJson(item)] as const);
  return Object.fromEntries(fields);
}

export const accepted = (output: Output = {}): Result => ({ expect: "accepted", code: null, output });
export const opened = (output: Output = {}): Result => ({ expect: "opened", code: null, output });
export const unreadable = (code: string): Result => ({ expect: "unreadable", code, output: {} });
export const refused = (code: string, output: Output = {}): Result => ({ expect: "refused", code, output });

export function attempt(run: () => Result, refuse: (code: Code) => Result = refused): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refused) return refuse(error.code);
    throw error;
  }
}

/** Folds as far as it goes; `at` is the place of the refused one. */
export function foldUntil(statements: readonly Uint8Array[]): {
  log: crypto.KeyLog | null;
  at: number;
  code: Code | null;
} {
  let log: crypto.KeyLog | null = null;
  for (const [at, statement] of statements.entries()) {
    try {
      log = crypto.extend(log, statement);
    } catch (error) {
      if (error instanceof Refused) return { log, at, code: error.code };
      throw error;
    }
  }
  return { log, at: statements.length, code: null };
}

export const keysOf = (input: Input): DeviceKeys =>
  deviceKeys(bytes(input["sign_seed"]), bytes(input["unseal_seed"]));

/** A device of which only some seeds are told; what the case does not use is zero. */
export function toldDevice(input: Input, chain: crypto.ChainId): crypto.Device {
  const seed = (name: string) => (input[name] === undefined ? new Uint8Array(32) : bytes(input[name]));
  const keys = deviceKeys(seed("sign_seed"), seed("unseal_seed"));
  return { ...keys, id: crypto.asDeviceId(bytes(input["device"])), chain };
}

export const messageOf = (json: Json | undefined): crypto.Message => {
  const entry = crypto.readAccepted(bytes(json));
  return entry.type === "message" ? entry : wrong(json);
};

export function openedMessage(result: crypto.Opened): Result {
  if (!result.ok) return unreadable(result.cause);
  const { content } = result;
  const written = hex(writeContent(content, content.kind === "state" ? "self" : "team"));
  if (content.kind === "state") return opened({ content: written, says: {} });
  const { kind: _, ...said } = content;
  return opened({ content: written, says: plain(said as Fields) });
}

/** Bytes as hex, everything else as it is. */
function plain(value: Value): Json {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item as Value)]));
}

export const rowsOf = (state: crypto.OwnState): Json =>
  toJson({
    pins: state.pins.map((row) => [row.person, row.chain, row.head.n, row.head.hash]),
    verified: state.verified.map((row) => [row.chain, row.verified]),
    checked: state.checked.map((row) => [
      row.conversation,
      row.number,
      row.epoch,
      row.place.n,
      row.place.hash,
    ]),
    secrets: state.secrets.map((row) => [row.conversation, row.number, row.secret.expose()]),
    muted: state.muted.map((row) => [row.conversation, row.muted]),
  });
export const stateOf = (json: Json): crypto.OwnState => {
  const content = readContent(bytes(json), "self");
  return content.kind === "state" ? content : wrong(json);
};
