import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT, workspacePackages } from "../scripts/packages.ts";

const LIST = join(ROOT, "docs", "public-names.md");

/** The names that an entry file exports, one by one: `export *` is not allowed. */
function exportedNames(file: string): string[] {
  const text = readFileSync(file, "utf8");
  expect(text, `${file} must export by name`).not.toMatch(/export\s+\*/);
  return [...text.matchAll(/export\s+(type\s+)?\{([^}]*)\}/g)]
    .flatMap((m) =>
      (m[2] as string)
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "")
        .map((name) => (m[1] && !name.startsWith("type ") ? `type ${name}` : name)),
    )
    .sort((a, b) => bare(a).localeCompare(bare(b), "en"));
}

function bare(name: string): string {
  return name.replace(/^type /, "");
}

function currentList(): string {
  const sections = workspacePackages().flatMap(({ directory, manifest }) =>
    Object.entries(manifest.exports).flatMap(([subpath, target]) => {
      if (typeof target === "string") return [];
      const names = exportedNames(join(directory, target["@ashlar/source"] as string));
      const entry = manifest.name + subpath.slice(1);
      return [`## ${entry}\n\n${names.map((name) => `- \`${name}\``).join("\n")}\n`];
    }),
  );
  return `# Public names\n\nWhat each entry exports. \`UPDATE=1 npm test\` rewrites it; a change here is a change for users.\n\n${sections.join("\n")}`;
}

test("docs/public-names.md lists what the packages export", () => {
  const current = currentList();
  if (process.env.UPDATE) writeFileSync(LIST, current);
  expect(readFileSync(LIST, "utf8")).toBe(current);
});
