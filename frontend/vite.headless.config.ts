import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The same client for Node, driven by JSON lines: only the SSR build compiles runes outside a page. */
export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "node22",
    ssr: "src/headless.ts",
    outDir: "dist-headless",
    emptyOutDir: true,
    sourcemap: true,
  },
  ssr: { noExternal: true },
});
