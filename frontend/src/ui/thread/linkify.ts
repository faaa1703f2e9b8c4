/** A piece of a message: plain words, an address to open, or a number to call. Never HTML. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "phone"; readonly text: string; readonly href: string };

const WEB = /https?:\/\/[^\s<>"«»]+/giu;
// Ten French digits or +33 and nine, not inside a longer number (RPPS, INS) or word.
const PHONE = /(?<![\p{L}\d+]|\d[\s.-])(?:\+33[\s.-]?|0)[1-9](?:[\s.-]?\d{2}){4}(?![\p{L}\d]|[\s.-]\d)/gu;
const TRAILING = /[.,;:!?…)\]}'’]+$/u;
// Signs that turn the reading order round or take no room can make an address look like another.
const DECEIVING = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/u;

/** The address as the browser will open it, or null when what is read and what would open may differ. */
function safeAddress(text: string): string | null {
  if (DECEIVING.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const web = url.protocol === "https:" || url.protocol === "http:";
  const plainHost = url.hostname !== "" && text.toLowerCase().startsWith(`${url.protocol}//${url.host}`);
  const nobody = url.username === "" && url.password === "";
  return web && plainHost && nobody ? url.href : null;
}

function webPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(WEB)) {
    const shown = match[0].replace(TRAILING, "");
    const href = safeAddress(shown);
    if (href === null) continue;
    pieces.push({ kind: "text", text: text.slice(from, match.index) }, { kind: "link", text: shown, href });
    from = match.index + shown.length;
  }
  return [...pieces, { kind: "text", text: text.slice(from) }];
}

function phonePieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(PHONE)) {
    const href = `tel:${match[0].replace(/[^\d+]/g, "")}`;
    pieces.push(
      { kind: "text", text: text.slice(from, match.index) },
      { kind: "phone", text: match[0], href },
    );
    from = match.index + match[0].length;
  }
  return [...pieces, { kind: "text", text: text.slice(from) }];
}

export function linkify(text: string): readonly Piece[] {
  const pieces = webPieces(text).flatMap((piece) =>
    piece.kind === "text" ? phonePieces(piece.text) : [piece],
  );
  return pieces.filter((piece) => piece.text !== "");
}
