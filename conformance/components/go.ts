import { execFile, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withLock } from "./lock.ts";

const buildFlags = (linkFlags: string) => [
  "-trimpath",
  "-buildvcs=false",
  "-mod=readonly",
  `-ldflags=${`-s -w ${linkFlags}`.trim()}`,
];
const CONFORMANCE_GO = new URL("../go/", import.meta.url);

const say = (line: string) => console.error(line);

/** How a program is built that is not one of `conformance/go/`, or not like them. */
export interface GoProgramOptions {
  /** Folder of Go modules; `conformance/go/` by default. */
  readonly modules?: URL;
  /** What the Go linker is told beside `-s -w`. */
  readonly linkFlags?: string;
  /** Gets a line when a build starts and when it ends; standard error by default. */
  readonly progress?: (line: string) => void;
}

/**
 * The path of the program that the Go module `<modules>/<name>` makes, built when this machine has not built it yet.
 *
 * The module pins every dependency (go.mod and go.sum), so its files, the Go release and the platform name the result: it
 * is kept as `$XDG_CACHE_HOME/ashlar/go/<name>-<hash>` and used by every checkout. Two runs at once build once.
 *
 * @throws Error when there is no Go, or when the build fails: the message says what to install or repeats what Go said
 * @example const program = await goProgram("yaml"); // builds conformance/go/yaml
 */
export async function goProgram(
  name: string,
  { modules = CONFORMANCE_GO, linkFlags = "", progress = say }: GoProgramOptions = {},
): Promise<string> {
  const source = fileURLToPath(new URL(`${name}/`, modules));
  const version = await goVersion(name);
  const folder = join(cacheFolder(), "go");
  const flags = buildFlags(linkFlags);
  const program = join(folder, `${name}-${await hashOf(source, version, flags)}`);
  if (existsSync(program)) return program;

  await mkdir(folder, { recursive: true });
  await withLock(`${program}.lock`, async () => {
    if (existsSync(program)) return;
    progress(`building ${name} with ${version}, once for this machine …`);
    const start = performance.now();
    const unfinished = `${program}.${randomUUID()}`;
    try {
      await build(name, source, unfinished, flags);
      await rename(unfinished, program);
    } finally {
      await rm(unfinished, { force: true });
    }
    progress(`built ${name} in ${Math.round((performance.now() - start) / 1000)} s`);
  });
  return program;
}

/** Where components are kept between runs, outside of every checkout. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ashlar");
}

/** `go1.26.8 linux/amd64`: the part of `go version` that names release and platform. */
async function goVersion(name: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("go", ["version"]);
    return stdout.trim().replace("go version ", "");
  } catch (cause) {
    throw new Error(
      `${name} is built with Go, and no "go" runs here: install Go 1.26 or newer (https://go.dev/dl) and put it on PATH`,
      { cause },
    );
  }
}

async function hashOf(source: string, version: string, flags: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([version, flags]));
  const entries = await readdir(source, { recursive: true }).catch(() => []);
  const files = entries.filter((file) => /\.go$|(^|\/)go\.(mod|sum)$/.test(file)).sort();
  if (!files.includes("go.mod")) throw new Error(`there is no such component: no go.mod in ${source}`);
  for (const file of files) hash.update(JSON.stringify([file, await readFile(join(source, file), "utf8")]));
  return hash.digest("hex").slice(0, 16);
}

async function build(name: string, source: string, output: string, flags: readonly string[]): Promise<void> {
  const args = ["build", ...flags, "-o", output, "."];
  const env = { ...process.env, CGO_ENABLED: "0", GOWORK: "off" };
  const child = spawn("go", args, { cwd: source, env, stdio: ["ignore", "ignore", "pipe"] });
  const endWithUs = () => child.kill();
  process.once("exit", endWithUs);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  process.removeListener("exit", endWithUs);
  if (code !== 0)
    throw new Error(
      `${name} could not be built (go ${args.join(" ")} in ${source}). It needs Go 1.26 or newer and, the first time, ` +
        `a Go module proxy that can be reached (see "go env GOPROXY"). Go said:\n${said.trim()}`,
    );
}
