/** Which secret it is; the type keeps a message key from serving as an epoch secret. */
export type Role = "sign" | "unseal" | "epoch" | "message" | "vault" | "recovery" | "pairing";

const silent = "[secret]";

/** Bytes that never print. `expose` is for the calls of this folder and for sealing into the vault. */
export class Secret<R extends Role> {
  readonly role: R;
  readonly #bytes: Uint8Array;

  constructor(role: R, bytes: Uint8Array) {
    this.role = role;
    this.#bytes = bytes;
  }
  expose(): Uint8Array {
    return this.#bytes;
  }
  /** Overwrites the bytes; copies that the engine of the browser made are beyond reach. */
  wipe(): void {
    this.#bytes.fill(0);
  }
  toString(): string {
    return silent;
  }
  toJSON(): string {
    return silent;
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return silent;
  }
}

export type SignSeed = Secret<"sign">;
/** The seed of a device's unsealing key, or of a person key of one generation. */
export type UnsealSeed = Secret<"unseal">;
export type EpochSecret = Secret<"epoch">;
export type MessageKey = Secret<"message">;
export type VaultKey = Secret<"vault">;
export type RecoveryCode = Secret<"recovery">;
export type PairingCode = Secret<"pairing">;
