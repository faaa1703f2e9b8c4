import type { MessageKey, Messages } from "./fr";
import { language } from "./language.svelte";

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Values<Key extends MessageKey> = Record<Names<Messages[Key]>, string | number>;
type Plain = { [Key in MessageKey]: [Names<Messages[Key]>] extends [never] ? Key : never }[MessageKey];
type Stem<Key> = Key extends `${infer Name}_other` ? Name : never;
export type PluralKey = Stem<MessageKey>;

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The sentence for a key in the chosen language; the compiler asks for the values it needs. */
export function t(key: Plain): string;
export function t<Key extends MessageKey>(key: Key, values: Values<Key>): string;
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  return fill(language.sentence(key), values);
}

export function plural(key: PluralKey, n: number): string {
  const one = new Intl.PluralRules(language.current).select(n) === "one";
  const chosen: MessageKey = one ? `${key}_one` : `${key}_other`;
  return fill(language.sentence(chosen), { n: new Intl.NumberFormat(language.current).format(n) });
}

export { language } from "./language.svelte";
export type { Language } from "./language.svelte";
export type { MessageKey } from "./fr";
