import type { FactorSort } from "../../store/model";

/** How a person may show that it is them: by a device or key, by an application's code, by a printed one. */
export type Way = "passkey" | "app" | "printed";

/** The ways of this person in this browser, the preferred one first. */
export function waysOf(factors: readonly FactorSort[], knowsPasskeys: boolean): readonly Way[] {
  const ways: Way[] = [];
  if (factors.includes("passkey") && knowsPasskeys) ways.push("passkey");
  if (factors.includes("totp")) ways.push("app");
  return ways;
}
