/** X: the closed list of reasons for which something decoded or judged here is refused. */
export type Code =
  | "malformed"
  | "newer_version"
  | "bad_signature"
  | "bad_key"
  | "bad_chain"
  | "bad_device"
  | "bad_wraps"
  | "not_active"
  | "bad_generation"
  | "too_many"
  | "paper_protected"
  | "wrong_conversation"
  | "past_epoch"
  | "not_a_member"
  | "unknown_device"
  | "forked"
  | "replayed"
  | "duplicate"
  | "bad_roster"
  | "not_allowed"
  | "unknown_kind"
  | "too_long"
  | "bad_marker"
  | "bad_code" // of a pairing
  | "bad_recovery_code"
  | "key_log_refused"
  | "cannot_open"; // sealed bytes that do not open with this key and context

/** The only error that hostile bytes can cause. Trying again never helps. */
export class Refused extends Error {
  readonly code: Code;
  constructor(code: Code) {
    super(code);
    this.name = "Refused";
    this.code = code;
  }
}

/** The code of what `attempt` refused, or `null`; any other error is a bug and passes through. */
export function refusal(attempt: () => void): Code | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
}
