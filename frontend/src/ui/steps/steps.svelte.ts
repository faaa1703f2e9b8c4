import type { TotpOffer } from "../../messenger/commands";
import type { SessionView } from "../../store/model";

export type Step = "host" | "factor" | "recovery";
export const STEPS: readonly Step[] = ["host", "factor", "recovery"];

/** Where the person is in the three first steps: what the session asks for, after a word about the host. */
export class FirstSteps {
  readonly #stage: () => SessionView["stage"];
  #told = $state(false);
  /** Kept across "Retour", so that what was scanned or written down stays true. */
  offer = $state.raw<TotpOffer | null>(null);
  groups = $state.raw<readonly string[] | null>(null);

  constructor(stage: () => SessionView["stage"]) {
    this.#stage = stage;
  }

  get step(): Step {
    if (!this.#told) return "host";
    return this.#stage() === "enrol_factor" ? "factor" : "recovery";
  }

  done(step: Step): boolean {
    if (step === "factor") return this.#stage() === "first_steps";
    return STEPS.indexOf(step) < STEPS.indexOf(this.step);
  }

  told(): void {
    this.#told = true;
  }

  back(): void {
    this.#told = false;
  }
}
