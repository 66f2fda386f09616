// Makes a new block with its tests: npm run scaffold -- PACKAGE BLOCK
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, workspacePackages } from "./packages.ts";

const [folder, block, ...rest] = process.argv.slice(2).filter((word) => word !== "--");
const packages = workspacePackages().filter(
  (p) => p.manifest.name.startsWith("@ashlar/") && p.folder !== "core",
);

if (folder === undefined || block === undefined || rest.length > 0)
  fail("usage: npm run scaffold -- PACKAGE BLOCK");
const pkg = packages.find((p) => p.folder === folder);
if (!pkg) fail(`no package "${folder}"; write one of ${packages.map((p) => p.folder).join(", ")}`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(block))
  fail(`"${block}" is no block name; write it in kebab-case: service-account`);
const directory = join(pkg.directory, "src", block);
if (existsSync(directory)) fail(`packages/${folder}/src/${block} exists already`);

const name = block.replace(/-([a-z0-9])/g, (_, c: string) => c.toUpperCase());
const Type = name[0]?.toUpperCase() + name.slice(1);

const files: Readonly<Record<string, string>> = {
  "intent.ts": `import { isDnsLabel } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

/** What {@link ${name}} takes. */
export const ${name}Intent = z
  .strictObject({
    namespace: z.string().describe("Namespace that the objects are made in."),
    labels: z.record(z.string(), z.string()).default({}).describe("Labels of the objects. Default: none."),
  })
  .superRefine((intent, ctx) => {
    if (!isDnsLabel(intent.namespace))
      ctx.addIssue({
        code: "custom",
        path: ["namespace"],
        message: \`"\${intent.namespace}" is no namespace name\`,
        params: { hint: "use a-z, 0-9 and -, at most 63" },
        input: intent,
      });
  });

export type ${Type}Intent = z.output<typeof ${name}Intent>;
`,
  "build.ts": `import type { Block } from "@ashlar/core";
import type { ${Type}Intent } from "./intent.ts";

/** Total on a valid intent. */
export function build${Type}({ namespace, labels }: ${Type}Intent): Block {
  const metadata = { name: "${block}", namespace, labels };
  return {
    resources: [{ apiVersion: "v1", kind: "ConfigMap", metadata }],
    patches: [],
    documents: [],
    steps: [],
    claims: [],
  };
}
`,
  [`${block}.ts`]: `import { type BlockBuilder, defineBlock } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import { build${Type} } from "./build.ts";
import { ${name}Intent } from "./intent.ts";

/**
 * What it makes, and what it promises.
 *
 * @throws {IntentError} with every finding
 * @example ${name}({ namespace: "dev" })
 */
export const ${name}: BlockBuilder<z.input<typeof ${name}Intent>> = defineBlock({
  name: "${folder}/${block}",
  intent: ${name}Intent,
  build: build${Type},
});
`,
  [`${block}.test.ts`]: `import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import { expect, test } from "vitest";
import type * as z from "@ashlar/core/zod";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { ${name} } from "./${block}.ts";
import type { ${name}Intent } from "./intent.ts";

const CASES = join(import.meta.dirname, "cases");
type Input = z.input<typeof ${name}Intent>;

blockContract({ test }, { builder: ${name}, cases: readCases<Input>(CASES), rules: [] });
goldenTests<Input>(CASES, ${name});

test("a namespace that the API refuses is refused with the remedy", () => {
  const result = ${name}.safe({ namespace: "Not_a_name" });
  expect(result).toMatchObject({ ok: false, findings: [{ path: "namespace", hint: "use a-z, 0-9 and -, at most 63" }] });
});
`,
  "cases/plain.intent.yaml": "namespace: dev\n",
  "cases/everything.intent.yaml": "namespace: prod\nlabels: { team: platform }\n",
};

for (const [file, text] of Object.entries(files)) write(join(directory, file), text);
write(
  join(ROOT, ".changeset", `new-${block}.md`),
  `---\n"${pkg.manifest.name}": minor\n---\n\nAdded the block \`${name}\`.\n`,
);
// Where lines break and imports stand depends on the name.
execFileSync("biome", ["check", "--write", "--log-level=error", directory], { cwd: ROOT, stdio: "inherit" });
console.log(`made packages/${folder}/src/${block} and .changeset/new-${block}.md
next: export it by name from packages/${folder}/src/index.ts, then UPDATE=1 npm test, and read what cases/*.out.yaml hold`);

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
