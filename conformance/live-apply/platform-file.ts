import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Resource } from "@ashlar/core";

const ASHLAR = fileURLToPath(new URL("../../packages/platform/src/index.ts", import.meta.url));

interface PlatformFile {
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Further fields of the intent. */
  readonly intent?: object;
}

/** Writes a `platform.ts` with these objects, as blocks would have made them, and gives its path. */
export async function platformFile(
  folder: string,
  { name, resources, intent = {} }: PlatformFile,
): Promise<string> {
  await mkdir(join(folder, name), { recursive: true });
  const path = join(folder, name, "platform.ts");
  await writeFile(
    path,
    `import { definePlatform, existing } from ${JSON.stringify(ASHLAR)};
const { block, ...rest } = definePlatform({
  name: ${JSON.stringify(name)},
  environments: { common: existing("default") },
  ...${JSON.stringify(intent)},
} as never) as { block: { resources: unknown[] } };
const resources = ${JSON.stringify(resources)};
export default { ...rest, block: { ...block, resources: [...block.resources, ...resources], patches: [] } };
`,
  );
  return path;
}
