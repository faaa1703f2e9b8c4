import { fromText, toText } from "../crypto";
import type * as body from "../protocol";
import type { FactorsView } from "../store/model";
import type { Api } from "../sync";
import type {
  KnownPasskey,
  NewPasskey,
  PasskeyAnswer,
  PasskeyOffer,
  PasskeyQuestion,
  Proof,
} from "./commands";

/** The second factors: asked for, given, added, taken away. What a passkey says passes through here unread. */
export class Factors {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  signIn(proof: Proof): Promise<body.SessionState> {
    return "code" in proof
      ? this.#api.signInCode({ code: digits(proof.code) })
      : this.#api.signInPasskey(written(proof.passkey));
  }

  unlock(proof: Proof): Promise<body.SessionState> {
    return "code" in proof
      ? this.#api.unlock({ code: digits(proof.code) })
      : this.#api.unlockPasskey(written(proof.passkey));
  }

  async freshen(proof: Proof): Promise<void> {
    if ("code" in proof) await this.#api.freshCode({ code: digits(proof.code) });
    else await this.#api.freshPasskey(written(proof.passkey));
  }

  async ask(): Promise<PasskeyQuestion> {
    const { challenge, host, seconds, known } = await this.#api.askPasskey();
    return { challenge: fromText(challenge), host, seconds, known: known.map(read) };
  }

  async begin(): Promise<PasskeyOffer> {
    const { challenge, known, user, display_name: displayName, ...rest } = await this.#api.beginPasskey();
    const bytes = { challenge: fromText(challenge), known: known.map(read), user: fromText(user) };
    return { ...rest, ...bytes, displayName };
  }

  /** Resolves to the printed codes that came with it; a second factor brings none. */
  async confirm({ id, clientData, attestation, transports }: NewPasskey): Promise<readonly string[]> {
    const { printed_codes } = await this.#api.confirmPasskey({
      id: toText(id),
      client_data: toText(clientData),
      attestation: toText(attestation),
      transports,
    });
    return printed_codes;
  }

  async confirmTotp(code: string): Promise<readonly string[]> {
    return (await this.#api.confirmTotp({ code: digits(code) })).printed_codes;
  }

  async renewPrinted(): Promise<readonly string[]> {
    return (await this.#api.renewPrinted()).printed_codes;
  }

  async list(): Promise<FactorsView> {
    const { factors, printed_left: printedLeft } = await this.#api.factors();
    return { factors, printedLeft };
  }

  async remove(factor: string): Promise<void> {
    await this.#api.removeFactor({ factor });
  }
}

const digits = (typed: string): string => typed.replace(/\s/g, "");

const read = ({ id, transports }: body.KnownPasskey): KnownPasskey => ({ id: fromText(id), transports });

const written = ({ id, clientData, authenticatorData, signature }: PasskeyAnswer): body.PasskeyAnswer => ({
  id: toText(id),
  client_data: toText(clientData),
  authenticator_data: toText(authenticatorData),
  signature: toText(signature),
});
