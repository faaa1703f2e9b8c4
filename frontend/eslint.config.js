import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const away = (...folders) => ({
  group: folders.map((folder) => `**/${folder}/**`).concat(folders.map((folder) => `**/${folder}`)),
  message: "Imports run one way: ui → messenger → {crypto, vault, sync, store} → protocol.",
});
const icons = {
  name: "@lucide/svelte",
  message: "Import one icon: @lucide/svelte/icons/<name>; the barrel compiles two thousand modules.",
};
const only = (files, ...folders) => ({
  files,
  rules: { "no-restricted-imports": ["error", { paths: [icons], patterns: [away(...folders)] }] },
});

export default ts.config(
  { ignores: ["dist/**", "dist-headless/**", "node_modules/**"] },
  js.configs.recommended,
  ts.configs.strict,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-undef": "off",
      eqeqeq: "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 50, skipBlankLines: true, skipComments: true }],
      "no-restricted-imports": ["error", { paths: [icons] }],
      "no-restricted-syntax": [
        "error",
        { selector: "TSEnumDeclaration", message: "Use a union of literals." },
        { selector: "MemberExpression[property.name=/^(innerHTML|outerHTML)$/]", message: "Trusted Types." },
      ],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
    rules: {
      "max-lines-per-function": "off",
      "prefer-const": "off",
      "svelte/prefer-const": ["error", { excludedRunes: ["$props", "$state", "$derived"] }],
      "svelte/no-at-html-tags": "error",
      "svelte/no-inline-styles": "error",
      // State classes choose what is reactive; a private index need not be.
      "svelte/prefer-svelte-reactivity": "off",
    },
  },
  only(["src/protocol/**"], "crypto", "vault", "sync", "store", "messenger", "ui"),
  only(["src/crypto/**"], "vault", "sync", "store", "messenger", "ui"),
  only(["src/vault/**"], "crypto", "sync", "store", "messenger", "ui"),
  only(["src/sync/**"], "crypto", "vault", "store", "messenger", "ui"),
  only(["src/store/**"], "crypto", "vault", "sync", "messenger", "ui"),
  only(["src/messenger/**"], "ui"),
  only(["src/ui/**"], "crypto", "vault", "sync"),
  {
    files: ["src/crypto/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        "Date",
        "crypto",
        "performance",
        "setTimeout",
        "setInterval",
        "fetch",
        "console",
      ],
      "no-restricted-properties": ["error", { object: "Math", property: "random" }],
    },
  },
  {
    files: ["tests/**"],
    rules: { "max-lines-per-function": "off" },
  },
);
