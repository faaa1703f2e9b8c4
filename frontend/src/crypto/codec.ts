/** C: our strict subset of CBOR. One value has one encoding; anything else is refused. */
import { Refused } from "./refused";

export type Fields = { readonly [key: string]: Value };
export type Value = number | string | boolean | null | Uint8Array | readonly Value[] | Fields;

const DEPTH = 8;
const MAJOR = { integer: 0, bytes: 2, text: 3, array: 4, map: 5 } as const;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// With the u flag a class of surrogates matches only those without their other half.
const loneSurrogate = /[\ud800-\udfff]/u;

export function encode(value: Value): Uint8Array {
  const writer = new Writer();
  write(writer, value, 0);
  return writer.finish();
}

export function decode(bytes: Uint8Array): Value {
  const reader = new Reader(bytes);
  const value = read(reader, 0);
  if (!reader.atEnd()) throw new Refused("malformed");
  return value;
}

/** Order of C4 and E6: by the bytes, a shorter one first when it begins the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => compareBytes(a, b) === 0;

class Writer {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    this.#grow(1);
    this.#bytes[this.#length++] = value;
  }
  append(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
  #grow(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function write(to: Writer, value: Value, depth: number): void {
  if (value === null) to.byte(NULL);
  else if (typeof value === "boolean") to.byte(value ? TRUE : FALSE);
  else if (typeof value === "number") writeHead(to, MAJOR.integer, value);
  else if (typeof value === "string") writeText(to, value);
  else if (value instanceof Uint8Array) {
    writeHead(to, MAJOR.bytes, value.length);
    to.append(value);
  } else writeContainer(to, value, depth);
}

function writeContainer(to: Writer, value: readonly Value[] | Fields, depth: number): void {
  if (depth >= DEPTH) throw new Refused("malformed");
  if (isList(value)) {
    writeHead(to, MAJOR.array, value.length);
    for (const item of value) write(to, item, depth + 1);
  } else writeMap(to, value, depth);
}

function writeMap(to: Writer, fields: Fields, depth: number): void {
  const rows = Object.entries(fields).map(([key, value]) => ({ key: encode(key), value }));
  rows.sort((a, b) => compareBytes(a.key, b.key));
  writeHead(to, MAJOR.map, rows.length);
  for (const row of rows) {
    to.append(row.key);
    write(to, row.value, depth + 1);
  }
}

function writeText(to: Writer, text: string): void {
  if (loneSurrogate.test(text)) throw new Refused("malformed");
  const bytes = utf8.encode(text);
  writeHead(to, MAJOR.text, bytes.length);
  to.append(bytes);
}

function writeHead(to: Writer, major: number, n: number): void {
  if (!Number.isSafeInteger(n) || n < 0 || Object.is(n, -0)) throw new Refused("malformed");
  const width = n < 24 ? 0 : n < 0x100 ? 1 : n < 0x1_0000 ? 2 : n < 0x1_0000_0000 ? 4 : 8;
  to.byte((major << 5) | (width === 0 ? n : 24 + Math.log2(width)));
  for (let at = width - 1; at >= 0; at--) to.byte(Math.floor(n / 2 ** (8 * at)) % 256);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  left(): number {
    return this.#bytes.length - this.#at;
  }
  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Refused("malformed");
    this.#at += 1;
    return byte;
  }
  /** A copy, so that a value never holds on to the frame it came in. */
  take(length: number): Uint8Array {
    if (length > this.left()) throw new Refused("malformed");
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }
}

function read(from: Reader, depth: number): Value {
  const first = from.byte();
  if (first === FALSE || first === TRUE) return first === TRUE;
  if (first === NULL) return null;
  const major = first >> 5;
  const n = readHead(from, first & 31);
  if (major === MAJOR.integer) return n;
  if (major === MAJOR.bytes) return from.take(n);
  if (major === MAJOR.text) return readText(from, n);
  if (depth >= DEPTH) throw new Refused("malformed");
  if (major === MAJOR.array) return readArray(from, n, depth);
  if (major === MAJOR.map) return readMap(from, n, depth);
  throw new Refused("malformed");
}

function readHead(from: Reader, info: number): number {
  if (info < 24) return info;
  if (info > 27) throw new Refused("malformed");
  const width = 1 << (info - 24);
  let n = 0;
  for (let i = 0; i < width; i++) n = n * 256 + from.byte();
  const shortest = width === 1 ? 24 : 256 ** (width / 2);
  if (n < shortest || n > Number.MAX_SAFE_INTEGER) throw new Refused("malformed");
  return n;
}

function readText(from: Reader, length: number): string {
  const bytes = from.take(length);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw new Refused("malformed");
  }
}

function readArray(from: Reader, count: number, depth: number): readonly Value[] {
  if (count > from.left()) throw new Refused("malformed");
  const items: Value[] = [];
  for (let i = 0; i < count; i++) items.push(read(from, depth + 1));
  return items;
}

function readMap(from: Reader, count: number, depth: number): Fields {
  if (count * 2 > from.left()) throw new Refused("malformed");
  // Without a prototype, so that a key named __proto__ is a key like any other.
  const fields = Object.create(null) as { [key: string]: Value };
  let last: Uint8Array | null = null;
  for (let i = 0; i < count; i++) {
    const key = readKey(from);
    const order = encode(key);
    if (last !== null && compareBytes(last, order) >= 0) throw new Refused("malformed");
    last = order;
    fields[key] = read(from, depth + 1);
  }
  return fields;
}

function readKey(from: Reader): string {
  const first = from.byte();
  if (first >> 5 !== MAJOR.text) throw new Refused("malformed");
  return readText(from, readHead(from, first & 31));
}

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
