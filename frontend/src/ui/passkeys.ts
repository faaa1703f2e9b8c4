/** Passkeys are the window's: the engine has none. What is asked and answered passes through here unread. */
import type {
  KnownPasskey,
  NewPasskey,
  PasskeyAnswer,
  PasskeyOffer,
  PasskeyQuestion,
} from "../messenger/commands";
import { CommandError } from "../messenger/commands";

export const canUsePasskeys = (): boolean => isSecureContext && "PublicKeyCredential" in globalThis;

/** Asks for any of the passkeys that the question names. */
export async function usePasskey(question: PasskeyQuestion): Promise<PasskeyAnswer> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: copied(question.challenge),
    rpId: question.host,
    timeout: question.seconds * 1000,
    userVerification: "required",
    allowCredentials: question.known.map(described),
  };
  const { rawId, response } = await asked(() => navigator.credentials.get({ publicKey }));
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new CommandError("passkey_unusable");
  return {
    id: new Uint8Array(rawId),
    clientData: new Uint8Array(response.clientDataJSON),
    authenticatorData: new Uint8Array(response.authenticatorData),
    signature: new Uint8Array(response.signature),
  };
}

/** Makes one, on an authenticator that holds none of this person's yet. */
export async function makePasskey(offer: PasskeyOffer): Promise<NewPasskey> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: copied(offer.challenge),
    rp: { id: offer.host, name: "Colloque" },
    user: { id: copied(offer.user), name: offer.name, displayName: offer.displayName },
    pubKeyCredParams: offer.algorithms.map((alg) => ({ type: "public-key", alg })),
    timeout: offer.seconds * 1000,
    excludeCredentials: offer.known.map(described),
    authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
    attestation: "none",
  };
  const { rawId, response } = await asked(() => navigator.credentials.create({ publicKey }));
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new CommandError("passkey_unusable");
  return {
    id: new Uint8Array(rawId),
    clientData: new Uint8Array(response.clientDataJSON),
    attestation: new Uint8Array(response.attestationObject),
    transports: response.getTransports(),
  };
}

async function asked(ceremony: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await ceremony().catch((error: unknown) => {
    throw failureOf(error);
  });
  if (credential instanceof PublicKeyCredential) return credential;
  throw new CommandError("passkey_unusable");
}

/** Browsers tell apart little on purpose: given up, too late and "no such passkey here" are one. */
function failureOf(error: unknown): CommandError {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return new CommandError("passkey_dropped");
  return new CommandError(name === "InvalidStateError" ? "passkey_known" : "passkey_unusable");
}

const TRANSPORTS: ReadonlySet<string> = new Set(["ble", "hybrid", "internal", "nfc", "usb"]);
const isTransport = (word: string): word is AuthenticatorTransport => TRANSPORTS.has(word);

const described = ({ id, transports }: KnownPasskey): PublicKeyCredentialDescriptor => ({
  type: "public-key",
  id: copied(id),
  transports: transports.filter(isTransport),
});

const copied = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
