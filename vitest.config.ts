import { join } from "node:path";
import { defineConfig } from "vitest/config";

const conditions = ["@ashlar/source"];
const reports = process.env.ASHLAR_REPORT_DIR;

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 20_000,
    reporters: reports ? ["default", ["json", { outputFile: join(reports, "unit.json") }]] : ["default"],
  },
});
