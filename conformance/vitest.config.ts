import { join } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["@ashlar/source"];
const reports = process.env.ASHLAR_REPORT_DIR;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    root: import.meta.dirname,
    include: ["suites/**/*.test.ts"],
    // A control plane is two processes that want a core each.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: reports
      ? ["default", ["json", { outputFile: join(reports, "conformance.json") }]]
      : ["default"],
  },
});
