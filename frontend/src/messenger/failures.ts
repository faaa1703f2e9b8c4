import { Refused } from "../crypto";
import type { RefusalCode } from "../protocol";
import { AnswerLost, HostRefused, HostSilent } from "../sync";
import { StorageFailed } from "../vault";
import type { Failure } from "./commands";
import { CommandError } from "./commands";

const FAILURES: Partial<Record<RefusalCode, Failure>> = {
  bad_credentials: "bad_credentials",
  bad_code: "bad_code",
  bad_passkey: "bad_passkey",
  fresh_factor_needed: "fresh_factor_needed",
  paper_protected: "paper_protected",
  last_factor: "last_factor",
  too_many_factors: "too_many_factors",
  throttled: "throttled",
  link_invalid: "link_invalid",
  weak_password: "weak_password",
  not_found: "not_found",
  too_long: "too_long",
  unavailable: "unavailable",
  restoring: "restoring",
  outdated: "outdated",
  conflict: "unavailable",
  bad_request: "bug",
  bad_origin: "bug",
  method_not_allowed: "bug",
};

/** Whatever went wrong inside, screens get one of the codes they have a sentence for. */
export function failureOf(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof HostRefused)
    return new CommandError(FAILURES[error.code] ?? "not_allowed", error.retryAfter);
  if (error instanceof HostSilent || error instanceof AnswerLost) return new CommandError("offline");
  if (error instanceof StorageFailed) return new CommandError("storage");
  if (error instanceof Refused && error.code === "bad_code") return new CommandError("bad_code");
  if (error instanceof Refused && error.code === "key_log_refused") return new CommandError("not_allowed");
  if (error instanceof Refused && error.code === "bad_recovery_code")
    return new CommandError("bad_recovery_code");
  if (error instanceof Refused && error.code === "too_long") return new CommandError("too_long");
  return new CommandError("bug");
}
