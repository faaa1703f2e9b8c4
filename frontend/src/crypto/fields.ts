/** C7: shapes of decoded values. A shape either gives a typed value or refuses; nothing is guessed. */
import type { Position } from "./brands";
import { asChainId, asConversationId, asDeviceId, asHash, asSignature } from "./brands";
import type { Fields, Value } from "./codec";
import { isList } from "./codec";
import { Refused } from "./refused";

export type Shape<T> = (value: Value) => T;
/** 31 December 9999, 23:59:59 UTC (C8). */
const LAST_TIME = 253_402_300_799;

export function malformed(): never {
  throw new Refused("malformed");
}

export const isFields = (value: Value): value is Fields =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array) && !isList(value);

export const count: Shape<number> = (value) => (typeof value === "number" ? value : malformed());
export const flag: Shape<boolean> = (value) => (typeof value === "boolean" ? value : malformed());
export const text: Shape<string> = (value) => (typeof value === "string" ? value : malformed());
export const time: Shape<number> = (value) => {
  const seconds = count(value);
  return seconds <= LAST_TIME ? seconds : malformed();
};
export const anyBytes: Shape<Uint8Array> = (value) => (value instanceof Uint8Array ? value : malformed());
export const bytes =
  <T extends Uint8Array = Uint8Array>(length: number, brand?: (bytes: Uint8Array) => T): Shape<T> =>
  (value) => {
    const found = anyBytes(value);
    if (found.length !== length) return malformed();
    return brand === undefined ? (found as T) : brand(found);
  };
export const hash = bytes(32, asHash);
export const chainId = bytes(32, asChainId);
export const deviceId = bytes(32, asDeviceId);
export const conversationId = bytes(32, asConversationId);
export const signature = bytes(64, asSignature);

/** Anything that is an encoding: judged later than the shape. */
export const any: Shape<Value> = (value) => value;
export const nothing: Shape<null> = (value) => (value === null ? null : malformed());
export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value) =>
    value === null ? null : shape(value);
export const oneOf =
  <const T extends string>(...allowed: readonly T[]): Shape<T> =>
  (value) =>
    allowed.find((word) => word === value) ?? malformed();
export const list =
  <T>(shape: Shape<T>, most: number = Number.MAX_SAFE_INTEGER): Shape<readonly T[]> =>
  (value) => {
    if (!isList(value) || value.length > most) return malformed();
    return value.map(shape);
  };
type Shapes<T extends readonly unknown[]> = { readonly [I in keyof T]: Shape<T[I]> };
export const tuple =
  <const T extends readonly unknown[]>(...shapes: Shapes<T>): Shape<T> =>
  (value) => {
    if (!isList(value) || value.length !== shapes.length) return malformed();
    return shapes.map((shape, i) => shape(value[i] ?? null)) as unknown as T;
  };
/** A map with exactly these fields. */
export const record =
  <T extends object>(shapes: { readonly [K in keyof T]: Shape<T[K]> }): Shape<T> =>
  (value) => {
    const names = Object.keys(shapes) as (keyof T & string)[];
    if (!isFields(value) || Object.keys(value).length !== names.length) return malformed();
    const entries = names.map((name) => [name, shapes[name](own(value, name))]);
    return Object.fromEntries(entries) as T;
  };

function own(fields: Fields, name: string): Value {
  const value = fields[name];
  return value === undefined ? malformed() : value;
}

export const position: Shape<Position> = (value) => {
  const [n, hashThere] = tuple(count, hash)(value);
  return { n, hash: hashThere };
};
export const fromPosition = (position: Position | null): Value =>
  position === null ? null : [position.n, position.hash];
