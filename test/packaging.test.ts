import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, workspacePackages } from "../scripts/packages.ts";

const BIN = join(ROOT, "node_modules", ".bin");
const PNPM = ["-y", "pnpm@12.21.0"];
const packages = workspacePackages();
/** Words of an error that core throws. */
const CORE_ALONE = "a shell word cannot hold a NUL character";
let folder: string;
let tarballs: Record<string, string>;

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ashlar-pack-"));
  tarballs = Object.fromEntries(
    packages.map(({ folder: name, directory, manifest }) => {
      const target = join(folder, "tarballs", name);
      mkdirSync(target, { recursive: true });
      run("npx", [...PNPM, "pack", "--pack-destination", target], directory);
      return [manifest.name, join(target, readdirSync(target)[0] as string)];
    }),
  );
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages.map((p) => p.manifest.name))("%s", (name) => {
  test("publint finds nothing in the tarball", () => {
    expect(run(join(BIN, "publint"), ["run", tarballs[name] as string, "--strict"], ROOT)).toContain(
      "All good!",
    );
  });

  // It exits with an error for every problem of a way of importing that the package supports.
  test("are-the-types-wrong finds nothing in the tarball", () => {
    const args = [tarballs[name] as string, "--profile", "esm-only", "--format", "ascii"];
    expect(run(join(BIN, "attw"), args, ROOT)).toContain("node16 (from ESM): 🟢");
  });
});

test("no package carries another one: core is an import of all others", () => {
  for (const { directory, manifest } of packages) {
    const text = readdirSync(join(directory, "dist"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".js"))
      .map((file) => readFileSync(join(directory, "dist", file), "utf8"))
      .join("\n");
    expect(text.includes(CORE_ALONE), manifest.name).toBe(manifest.name === "@ashlar/core");
    if (manifest.name !== "@ashlar/core") expect(text).toMatch(/from\s*"@ashlar\/core"/);
  }
});

/** What a user's scripts do: import, require, and the command. */
const ESM = `import { definePlatform, existing } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { networkModel, reach } from "@ashlar/network-policy";
import { blockContract } from "@ashlar/core/testing";
const platform = definePlatform({ name: "t", environments: { common: existing("default"), dev: ["dev"], prod: ["prod"] }, firewall: "prod <-> common <-> dev" });
const { summary } = check(objectSet(platform));
console.log(JSON.stringify([summary.claims.proved, typeof networkModel, typeof reach, typeof blockContract]));`;
const CJS = `const { firewall } = require("@ashlar/network-policy");
const { existing } = require("@ashlar/core");
console.log(firewall({ environments: { a: ["a"], b: ["b"] }, diagram: "a -> b" }).claims.length, typeof existing, typeof require("ashlar").definePlatform);`;

describe.each([
  { manager: "npm", install: ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"] },
  { manager: "pnpm", install: ["npx", ...PNPM, "install", "--silent"] },
])("packed packages, installed by $manager into an empty project", ({ manager, install }) => {
  let project: string;

  beforeAll(() => {
    project = join(folder, manager);
    mkdirSync(project);
    const files = Object.fromEntries(
      packages.map((p) => [p.manifest.name, `file:${tarballs[p.manifest.name]}`]),
    );
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ private: true, dependencies: files, overrides: files }),
    );
    if (manager === "pnpm")
      writeFileSync(
        join(project, "pnpm-workspace.yaml"),
        JSON.stringify({ overrides: files, packages: ["."] }),
      );
    run(install[0] as string, install.slice(1), project);
  }, 180_000);

  test("work by import", () => {
    writeFileSync(join(project, "use.mjs"), ESM);
    expect(run("node", ["use.mjs"], project).trim()).toBe('[9,"function","function","function"]');
  });

  test("work by CommonJS require", () => {
    writeFileSync(join(project, "use.cjs"), CJS);
    expect(run("node", ["use.cjs"], project).trim()).toBe("4 function function");
  });

  test("bring the ashlar command", () => {
    expect(run(join(project, "node_modules", ".bin", "ashlar"), ["--help"], project)).toContain(
      "Usage: ashlar COMMAND",
    );
  });
});
