import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Inventory, readYaml } from "@ashlar/core";
import { expect, test } from "vitest";
import { registryRules } from "./index.ts";

const RIGHT = join(import.meta.dirname, "../../../../bench/mistakes/right");

test("nothing is said of the right set", () => {
  const resources = readdirSync(RIGHT).flatMap(
    (file) => readYaml(readFileSync(join(RIGHT, file)), { file }).resources,
  );
  expect(resources.length).toBeGreaterThan(40);
  for (const whole of [true, false]) {
    const inventory: Inventory = { resources, whole };
    expect(registryRules.flatMap((rule) => rule.check(inventory))).toEqual([]);
  }
});
