import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const EMBEDDED =
  /\([A-Za-z]+=>\{for\((?:(?!=>\{for\(|AGFzbQ).)*return [A-Za-z]+\}\)\("(AGFzbQ[A-Za-z0-9+/]+=*)"\)/;

/** libsodium carries its WebAssembly as text, which packs badly: as a file of its own it weighs a quarter less. */
const wasmApart = (): Plugin => ({
  name: "wasm-apart",
  transform(code, id) {
    if (!id.endsWith("/libsodium.mjs")) return null;
    const [embedded, text] = EMBEDDED.exec(code) ?? [];
    if (embedded === undefined || text === undefined) throw new Error("libsodium is packed in another way");
    const source = Buffer.from(text, "base64");
    const file = this.emitFile({ type: "asset", name: "libsodium.wasm", source });
    const fetched = `new Uint8Array(await(await fetch(import.meta.ROLLUP_FILE_URL_${file})).arrayBuffer())`;
    return { code: code.replace(embedded, fetched), map: null };
  },
});

export default defineConfig({
  plugins: [svelte()],
  base: "/",
  worker: { format: "es", plugins: () => [svelte(), wasmApart()] },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // A file inlined as data: would need a wider content security policy.
    assetsInlineLimit: 0,
    sourcemap: false,
    chunkSizeWarningLimit: 900,
    // What the first screen needs is one script: a dozen small ones would each cost a request.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "start", tags: ["$initial"] }] } } },
  },
});
