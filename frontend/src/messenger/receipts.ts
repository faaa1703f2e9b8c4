import type { ChainId, Marker } from "../crypto";
import { toText } from "../crypto";
import type { ReceiptView } from "../store/model";
import type { Change } from "../vault";
import type { Conversation } from "./conversation";
import type { Desk } from "./desk";
import { viewOf } from "./members";
import type { Step } from "./reach";
import { audience, STEPS } from "./reach";
import { put, unpack } from "./records";

type Passed = { readonly [S in Step]: number } & { readonly at: number };

/** A year of a busy conversation; what is older is known to have been reached, and its time forgotten. */
const MOST_KEPT = 500;

/** R1: when each of the others was how far, at the latest. Kept, so that a later marker does not move an earlier time. */
export class Receipts {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** What to keep of a marker, in the same step as the marker itself. */
  async change({ key }: Conversation, marker: Marker): Promise<readonly Change[]> {
    const id = idOf(key, marker.chain);
    const known = await this.#passed(id);
    const last = known.at(-1);
    const place = (step: Step) => Math.max(marker[step]?.n ?? 0, last?.[step] ?? 0);
    const now = {
      arrived: place("arrived"),
      readable: place("readable"),
      read: place("read"),
      at: marker.at,
    };
    if (last !== undefined && STEPS.every((step) => last[step] === now[step])) return [];
    return [put("receipts", id, [...known, now].slice(-MOST_KEPT))];
  }

  /** For a message of this place and time: everybody it was for. */
  async of(conversation: Conversation, place: { seq: number; at: number }): Promise<readonly ReceiptView[]> {
    const rows = audience(conversation, place.at, this.#desk);
    return Promise.all(rows.map(({ chain }) => this.#receipt(conversation, chain, place.seq)));
  }

  async #receipt({ key }: Conversation, chain: ChainId, seq: number): Promise<ReceiptView> {
    const passed = await this.#passed(idOf(key, chain));
    const when = (step: Step) => passed.find((row) => row[step] >= seq)?.at ?? null;
    const person = viewOf(chain, this.#desk);
    return { person, arrived: when("arrived"), readable: when("readable"), read: when("read") };
  }

  async #passed(id: string): Promise<readonly Passed[]> {
    const bytes = await this.#desk.vault.read("receipts", id);
    return bytes === null ? [] : unpack<readonly Passed[]>(bytes);
  }
}

const idOf = (conversation: string, chain: ChainId): string => `${conversation}/${toText(chain)}`;
