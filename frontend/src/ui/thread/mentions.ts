import type { PersonView } from "../../store/model";
import type { Piece } from "./linkify";
import { mentionOf } from "./mentioning.svelte";

export type Said = Piece | { readonly kind: "mention"; readonly text: string; readonly me: boolean };

/** Sets off the names of those whom the message mentions, and nobody else's. */
export function withMentions(pieces: readonly Piece[], people: readonly PersonView[]): readonly Said[] {
  const longest = [...people].sort((a, b) => mentionOf(b).length - mentionOf(a).length);
  return longest.reduce<readonly Said[]>(
    (said, person) => said.flatMap((piece) => (piece.kind === "text" ? cut(piece.text, person) : [piece])),
    pieces,
  );
}

function cut(text: string, person: PersonView): readonly Said[] {
  const word = mentionOf(person);
  const mention: Said = { kind: "mention", text: word, me: person.me };
  return text
    .split(word)
    .flatMap((part, index): readonly Said[] => [
      ...(index === 0 ? [] : [mention]),
      ...(part === "" ? [] : [{ kind: "text", text: part } as const]),
    ]);
}
