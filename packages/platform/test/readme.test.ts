import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { definePlatform } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ashlar, ROOT, STRIX } from "./support/cli.ts";

const README = readFileSync(join(ROOT, "README.md"), "utf8");
let folder: string;

beforeAll(() => {
  // Beside this file, from where the packages are found.
  folder = mkdtempSync(join(import.meta.dirname, "readme-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the README's platform file holds what it claims, with nothing to find", async () => {
  const [, code = ""] = /```ts\n(import \{ definePlatform[\s\S]*?)```/.exec(README) ?? [];
  const file = join(folder, "platform.ts");
  writeFileSync(file, code);
  const { default: platform } = (await import(file)) as { default: ReturnType<typeof definePlatform> };
  const { findings, proofs } = check(objectSet(platform));
  expect(findings).toEqual([]);
  expect(
    proofs.filter(({ claim, outcome }) => claim.by === "expect" && outcome === "proved").length,
  ).toBeGreaterThan(6);
});

test("what the README says that commands print is what they print", async () => {
  const shown = [...README.matchAll(/^\$ ashlar (.+)\n((?:(?!```|\n\$ ).*\n)*?)(?=```|\n\$ )/gm)].map(
    ([, command = "", output = ""]) => ({ command, output }),
  );
  expect(shown.length).toBeGreaterThanOrEqual(4);
  for (const { command, output } of shown) {
    const args = command.split(" ").map((word) => (word === "examples/strix/platform.ts" ? STRIX : word));
    const { out } = await ashlar(args);
    const lines = out.split("\n");
    for (const line of output.split("\n").filter((text) => text.trim() !== "" && text.trim() !== "…")) {
      // Three dots stand for what is left out.
      const [start = "", end = ""] = line.split("…");
      expect(
        lines.some((real) => real.startsWith(start) && real.endsWith(end)),
        `${command}: ${line}`,
      ).toBe(true);
    }
  }
});
