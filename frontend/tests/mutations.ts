/** Inputs near to good ones, and far from any: the same in every run of one seed. The twin of tests/mutations.py. */
import type { Value } from "../src/crypto/codec";
import { decode, encode } from "../src/crypto/codec";
import { refusal } from "../src/crypto/refused";

const HOSTILE: readonly unknown[] = [
  null, true, -1, 0, -0, 1.5, 1e308, 2 ** 53 - 1, 2 ** 53, Number.MAX_VALUE, "", " ", "\0", "\ud800", "é", "__proto__",
  "constructor", "A".repeat(43), "0".repeat(32), "A".repeat(70_000), [], [[]], {}, { type: "beat" },
  JSON.parse('{"__proto__":{"type":"beat"}}'), JSON.parse('{"constructor":1}'), deep(500),
]; // prettier-ignore
const HOSTILE_VALUES: readonly Value[] = [
  null, true, 0, 23, 24, 2 ** 32, 2 ** 53 - 1, "", "\0", "__proto__", new Uint8Array(), new Uint8Array(32),
  new Uint8Array(64).fill(255), [], [[]], {}, { kind: "text" }, [[[[[[[0]]]]]]],
]; // prettier-ignore

function deep(levels: number): unknown {
  return levels === 0 ? 0 : [deep(levels - 1)];
}

export class Mutations {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) >>> 0 || 1;
  }

  bytes(corpus: readonly Uint8Array[]): Uint8Array {
    let data = this.#one(corpus);
    const sort = this.#below(20);
    if (sort === 0) return Uint8Array.from({ length: this.#below(400) }, () => this.#below(256));
    if (sort < 10) data = this.#rewritten(data);
    for (let left = this.#below(3) + (sort < 9 ? 0 : 1); left > 0; left--) data = this.#torn(data);
    return data;
  }

  /** `undefined` for a text that is not even JSON. */
  json(good: unknown): unknown {
    let value = good;
    for (let left = 1 + this.#below(3); left > 0; left--) value = this.#otherwise(value, HOSTILE);
    const text = JSON.stringify(value);
    if (this.#below(3) > 0) return JSON.parse(text);
    try {
      return JSON.parse(this.text(text));
    } catch {
      return undefined;
    }
  }

  text(good: string): string {
    const at = this.#below(good.length + 1);
    const other = this.#one([
      "",
      "\0",
      "\ud800",
      "é",
      "-",
      '"',
      "{",
      String.fromCharCode(this.#below(0xffff)),
    ]);
    return good.slice(0, at) + other + good.slice(at + this.#below(3));
  }

  #below(limit: number): number {
    let s = this.#state;
    s = (s ^ (s << 13)) >>> 0;
    s = (s ^ (s >>> 17)) >>> 0;
    s = (s ^ (s << 5)) >>> 0;
    this.#state = s;
    return s % limit;
  }

  #one<T>(all: readonly T[]): T {
    const found = all[this.#below(all.length)];
    if (found === undefined && all.length === 0) throw new Error("nothing to choose from");
    return found as T;
  }

  #torn(data: Uint8Array): Uint8Array {
    const bytes = [...data];
    const at = this.#below(bytes.length + 1);
    const sort = this.#below(4);
    if (sort === 0) return data.slice(0, at);
    if (sort === 1) bytes.splice(at, 0, this.#below(256));
    else if (sort === 2) bytes.splice(at, 1 + this.#below(8));
    else if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << this.#below(8));
    return Uint8Array.from(bytes);
  }

  /** Read, changed somewhere inside, and written again in the one good form. */
  #rewritten(data: Uint8Array): Uint8Array {
    let changed = data;
    const code = refusal(() => {
      changed = encode(this.#otherwise(decode(data), HOSTILE_VALUES) as Value);
    });
    return code === null ? changed : this.#torn(data);
  }

  #otherwise(value: unknown, hostile: readonly unknown[]): unknown {
    if (this.#below(4) === 0) return this.#one(hostile);
    if (value instanceof Uint8Array) return value.length === 0 ? value : this.#rewritten(value);
    if (Array.isArray(value)) return this.#inList(value as readonly unknown[], hostile);
    if (typeof value === "object" && value !== null) return this.#inMap(value, hostile);
    return this.#one(hostile);
  }

  #inList(value: readonly unknown[], hostile: readonly unknown[]): unknown {
    if (value.length === 0) return [this.#one(hostile)];
    const at = this.#below(value.length);
    const sort = this.#below(4);
    if (sort === 0) return value.filter((_, i) => i !== at);
    if (sort === 1) return [...value, value[at]];
    return value.map((one, i) => (i === at ? this.#otherwise(one, hostile) : one));
  }

  #inMap(value: object, hostile: readonly unknown[]): unknown {
    const rows = Object.entries(value) as [string, unknown][];
    if (rows.length === 0) return this.#one(hostile);
    const at = this.#below(rows.length);
    const sort = this.#below(5);
    if (sort === 0) return Object.fromEntries(rows.filter((_, i) => i !== at));
    if (sort === 1) return Object.fromEntries([...rows, [this.#one(["__proto__", "more", "", "type"]), 1]]);
    return Object.fromEntries(
      rows.map(([name, one], i) => [name, i === at ? this.#otherwise(one, hostile) : one]),
    );
  }
}
