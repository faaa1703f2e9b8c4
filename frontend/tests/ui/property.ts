import fc from "fast-check";

// One seed, so that a failure seen once is seen again.
fc.configureGlobal({ seed: 20_260_203 });

export { fc };
export { test } from "vitest";
