import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, type BlockBuilder, writeYaml } from "@ashlar/core";
import { expect, test } from "vitest";
import { parse } from "yaml";

/** The intents of a block's `cases/` folder, by name. */
export function readCases<Input>(folder: string): Record<string, Input> {
  return Object.fromEntries(
    readdirSync(folder)
      .filter((file) => file.endsWith(".intent.yaml"))
      .map((file) => [
        file.replace(".intent.yaml", ""),
        parse(readFileSync(join(folder, file), "utf8")) as Input,
      ]),
  );
}

/** Holds each case against its `*.out.yaml`; `UPDATE=1` writes them, to be read in review. */
export function goldenTests<Input>(folder: string, builder: BlockBuilder<Input>): void {
  for (const [name, intent] of Object.entries(readCases<Input>(folder)))
    test(`${builder.blockName}: ${name} gives ${name}.out.yaml`, () => {
      const file = join(folder, `${name}.out.yaml`);
      const text = describe(builder(intent));
      if (process.env.UPDATE) writeFileSync(file, text);
      expect(existsSync(file) ? readFileSync(file, "utf8") : undefined).toBe(text);
    });
}

function describe({ resources, patches, documents, steps, claims }: Block): string {
  const parts = [
    writeYaml(resources),
    ...(patches.length > 0 ? ["---\n# Patches", writeYaml(patches.map((p) => p.merge))] : []),
    ...(claims.length > 0 ? ["# Claims", ...claims.map((c) => `# ${c.text}`)] : []),
    ...(steps.length > 0 ? ["# Steps", ...steps.map((s) => `# ${s.title}: ${JSON.stringify(s.argv)}`)] : []),
    ...documents.map((d) => `# Document ${d.path}\n${d.text.replace(/^(?=.)/gm, "#   ")}`),
  ];
  return `${parts.map((p) => p.trimEnd()).join("\n")}\n`;
}
