import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../scripts/packages.ts";

const PAGES = join(ROOT, "docs", "rules");
const CODE =
  /"((?:core|network-policy|iam|dns|ingress|registry|platform)\/(?:no|valid|unique|require|exact|broken|unproved|empty|expired|unused)-[a-z0-9-]+)"/g;

/** Every code of a finding that stands in the sources, with the file. */
const codes = new Map(
  readdirSync(join(ROOT, "packages"), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\/src(\/|$)/.test(entry.parentPath) && /(?<!\.test)\.ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes("node_modules") && !file.includes("/dist/"))
    .flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(CODE)].map((m) => [m[1] as string, file] as const),
    ),
);

test("codes are found", () => {
  expect(codes.size).toBeGreaterThan(30);
});

test.each([...codes.keys()].sort())(
  "%s has a page that says what, why, wrong, right, fix and source",
  (code) => {
    const page = join(PAGES, `${code.replace("/", "-")}.md`);
    expect(existsSync(page), page).toBe(true);
    const text = readFileSync(page, "utf8");
    expect(text).toMatch(new RegExp(`^# ${code}\n`));
    for (const part of ["What", "Why", "Wrong", "Right", "Fix", "Source"])
      expect(text).toContain(`**${part}`);
  },
);

test("every page is of a code that exists", () => {
  // Builders make theirs of the package's name.
  const known = new Set(
    ["network-policy/valid-intent", ...codes.keys()].map((code) => `${code.replace("/", "-")}.md`),
  );
  expect(readdirSync(PAGES).filter((file) => !known.has(file))).toEqual([]);
});
