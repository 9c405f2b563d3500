import { defineConfig } from "vitest/config";

// Three projects: `unit` needs nothing but Node, `guest` starts real gVisor
// guests, `long` holds the slow matrices and fault loops of `make test-long`.
export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 30_000 } },
      {
        test: {
          name: "guest",
          include: ["test/guest/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          testTimeout: 1_800_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
