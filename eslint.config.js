import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist", ".cache", "libexec", "node_modules", "src/guest/gen", "coverage"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js", ".dependency-cruiser.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "max-lines": ["error", { max: 400, skipBlankLines: false }],
      "no-console": "error",
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    // process.env is read in one place, and children are started in one place.
    files: ["src/**/*.ts"],
    ignores: ["src/platform/**"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the environment in src/platform/settings.ts." },
      ],
    },
  },
  {
    files: ["eslint.config.js", ".dependency-cruiser.js", "scripts/**/*.mjs", "test/fixtures/**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
  },
  // Made by scripts/docs, and read piece by piece.
  { files: ["src/sdk/gen/**"], rules: { "max-lines": "off" } },
  // Plain JavaScript for Node.js, whose globals the rule does not know.
  { files: ["scripts/**/*.mjs", "test/fixtures/**/*.mjs"], rules: { "no-undef": "off" } },
  { files: ["scripts/**", "bench/**", "test/**", "examples/**"], rules: { "no-console": "off" } },
);
