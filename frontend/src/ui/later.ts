/**
 * Screens that nobody needs before signing in. Whoever only wants to sign in does not wait for them; once the
 * first screen stands they are fetched ahead, so that a network lost later keeps nobody from one.
 */
export const later = {
  home: () => import("./home/Home.svelte"),
  security: () => import("./settings/Security.svelte"),
  firstSteps: () => import("./steps/FirstStepsPage.svelte"),
  recover: () => import("./entry/Recover.svelte"),
} as const;

/** One that does not come is asked for again when it is wanted, and said then. */
export function fetchAhead(): void {
  for (const fetchScreen of Object.values(later)) fetchScreen().catch(() => undefined);
}
