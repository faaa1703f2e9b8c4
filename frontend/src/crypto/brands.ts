/** One type a role: ids, hashes and sealed bytes are all bytes and never the same type. */
declare const brand: unique symbol;
export type Brand<Role extends string> = Uint8Array & { readonly [brand]: Role };

export type Hash = Brand<"Hash">;
export type ChainId = Brand<"ChainId">;
export type DeviceId = Brand<"DeviceId">;
export type ConversationId = Brand<"ConversationId">;
export type ClientId = Brand<"ClientId">;
export type SignKey = Brand<"SignKey">;
export type SealKey = Brand<"SealKey">;
export type Signature = Brand<"Signature">;
/** Bytes that only their receiver opens; made in this folder alone. */
export type Sealed = Brand<"Sealed">;

/** C8: a place in a log or key log, with the hash there. */
export type Position = { readonly n: number; readonly hash: Hash };
/** The caller's source of randomness. */
export type Random = (length: number) => Uint8Array;

export const asHash = (bytes: Uint8Array): Hash => bytes as Hash;
export const asChainId = (bytes: Uint8Array): ChainId => bytes as ChainId;
export const asDeviceId = (bytes: Uint8Array): DeviceId => bytes as DeviceId;
export const asConversationId = (bytes: Uint8Array): ConversationId => bytes as ConversationId;
export const asClientId = (bytes: Uint8Array): ClientId => bytes as ClientId;
export const asSealed = (bytes: Uint8Array): Sealed => bytes as Sealed;
export const asSignKey = (bytes: Uint8Array): SignKey => bytes as SignKey;
export const asSealKey = (bytes: Uint8Array): SealKey => bytes as SealKey;
export const asSignature = (bytes: Uint8Array): Signature => bytes as Signature;
