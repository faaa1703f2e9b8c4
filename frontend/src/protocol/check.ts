import { FROM_CLIENT, FROM_SERVER, SHAPES } from "./frames";
import type { Answers, Fields, FromClient, FromServer, Shape } from "./frames";

/** What came is not what the protocol says. `place` names a field, never a value. */
export class Undecodable extends Error {
  readonly place: string;
  constructor(place: string) {
    super(`undecodable: ${place}`);
    this.name = "Undecodable";
    this.place = place;
  }
}

const patterns = new Map<string, RegExp>();

export const decodeFromServer = (value: unknown): FromServer => frame(FROM_SERVER, value) as FromServer;

export const decodeFromClient = (value: unknown): FromClient => frame(FROM_CLIENT, value) as FromClient;

export function decodeAnswer<Name extends keyof Answers>(name: Name, value: unknown): Answers[Name] {
  checkFields(name, value, name);
  return value as Answers[Name];
}

function frame(names: Readonly<Record<string, string>>, value: unknown): unknown {
  if (!isRecord(value) || typeof value["type"] !== "string") throw new Undecodable("type");
  const name = Object.hasOwn(names, value["type"]) ? names[value["type"]] : undefined;
  if (name === undefined) throw new Undecodable("type");
  checkFields(name, value, name);
  return value;
}

function checkFields(name: string, value: unknown, place: string): void {
  const fields: Fields | undefined = SHAPES[name];
  if (fields === undefined || !isRecord(value)) throw new Undecodable(place);
  for (const field of Object.keys(value)) {
    if (!Object.hasOwn(fields, field)) throw new Undecodable(`${place}: one field too many`);
  }
  for (const [field, shape] of Object.entries(fields)) {
    if (!Object.hasOwn(value, field)) throw new Undecodable(`${place}.${field}`);
    check(shape, value[field], `${place}.${field}`);
  }
}

function check(shape: Shape, value: unknown, place: string): void {
  if (shape.is === "fields") return checkFields(shape.name, value, place);
  if (shape.is === "list") return checkList(shape.of, value, shape.min, shape.max, place);
  if (shape.is === "row") return checkRow(shape.of, value, place);
  if (shape.is === "either") return checkEither(shape.of, value, place);
  if (shape.is === "table") return checkTable(shape.of, value, place);
  if (!isPlain(shape, value)) throw new Undecodable(place);
}

function isPlain(shape: Shape, value: unknown): boolean {
  switch (shape.is) {
    case "int":
      return Number.isSafeInteger(value) && Number(value) >= shape.min && Number(value) <= shape.max;
    case "text":
      return typeof value === "string" && fits(value, shape.min, shape.max) && matches(shape.pattern, value);
    case "flag":
      return typeof value === "boolean";
    case "null":
      return value === null;
    case "one":
      return typeof value === "string" && shape.of.includes(value);
    default:
      return false;
  }
}

/** The server counts code points, a JavaScript string code units; the bound is checked on the looser one first. */
function fits(text: string, min: number, max: number): boolean {
  if (text.length < min || text.length > 2 * max) return false;
  return text.length <= max ? min <= 1 || [...text].length >= min : [...text].length <= max;
}

function matches(pattern: string | null, text: string): boolean {
  if (pattern === null) return true;
  const known = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, known);
  return known.test(text);
}

function checkList(of: Shape, value: unknown, min: number, max: number, place: string): void {
  if (!Array.isArray(value) || value.length < min || value.length > max) throw new Undecodable(place);
  for (const item of value) check(of, item, place);
}

function checkRow(of: readonly Shape[], value: unknown, place: string): void {
  if (!Array.isArray(value) || value.length !== of.length) throw new Undecodable(place);
  of.forEach((shape, i) => check(shape, value[i], place));
}

function checkTable(of: Shape, value: unknown, place: string): void {
  if (!isRecord(value)) throw new Undecodable(place);
  for (const item of Object.values(value)) check(of, item, place);
}

function checkEither(of: readonly Shape[], value: unknown, place: string): void {
  const rest = of.filter((shape) => shape.is !== "null");
  if (value === null && rest.length < of.length) return;
  const [only] = rest;
  if (rest.length !== 1 || only === undefined) throw new Undecodable(place);
  check(only, value, place);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
