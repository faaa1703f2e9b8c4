import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const thorough: Readonly<Record<string, number>> = { fast: 90_000, full: 120_000, long: 600_000 };

export default defineConfig({
  plugins: [svelte()],
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    sequence: { seed: 1 },
    testTimeout: thorough[process.env["COLLOQUE_TEST_SCALE"] ?? "full"] ?? 120_000,
    passWithNoTests: false,
    maxWorkers: 2,
  },
});
