import { execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";
import { freePort, startProcess } from "./process.ts";

/** Program → the Debian package that has it, and the variable that names another one. */
const PROGRAMS = {
  "docker-registry": { from: "docker-registry", variable: "ASHLAR_DOCKER_REGISTRY" },
  skopeo: { from: "skopeo", variable: "ASHLAR_SKOPEO" },
  htpasswd: { from: "apache2-utils", variable: "ASHLAR_HTPASSWD" },
} as const;
type Program = keyof typeof PROGRAMS;

const run = promisify(execFile);
const READY_MS = 20_000;

/** Who may log in. No user name holds a colon or a line break, no password more than bcrypt's 72 bytes. */
export interface RegistryUser {
  readonly username: string;
  readonly password: string;
}

/** The real registry (Debian's docker-registry, github.com/distribution/distribution 2.8), on 127.0.0.1, without TLS. */
export interface DockerRegistry {
  /** As images name it: `127.0.0.1:41234`. */
  readonly host: string;
  /** Ends it and removes what it stored. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an empty registry whose users stand in a bcrypt htpasswd file; it answers nobody else.
 *
 * @throws Error with its last lines when it does not answer within 20 s, or when a program is missing
 */
export async function startDockerRegistry(users: readonly RegistryUser[]): Promise<DockerRegistry> {
  const [program, htpasswd] = [await registryProgram("docker-registry"), await registryProgram("htpasswd")];
  const folder = await mkdtemp(join(tmpdir(), "ashlar-registry-"));
  const lines = await Promise.all(users.map((user) => hashedLine(htpasswd, user)));
  await writeFile(join(folder, "htpasswd"), `${lines.join("\n")}\n`, { mode: 0o600 });
  const port = await freePort();
  const config = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "images") } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: "conformance", path: join(folder, "htpasswd") } },
  };
  const file = join(folder, "config.yml");
  await writeFile(file, JSON.stringify(config));
  const registry = startProcess(program, ["serve", file], folder);
  const host = `127.0.0.1:${port}`;
  const until = Date.now() + READY_MS;
  while ((await statusOf(host)) !== 401) {
    if (registry.ended() || Date.now() > until) {
      await registry.stop();
      throw new Error(`docker-registry did not answer:\n${registry.log()}`);
    }
    await sleep(50);
  }
  return { host, stop: registry.stop };
}

/**
 * The path of a program of the registry's tests: the one that its variable names, the one on PATH, else the one of Debian's package,
 * which is installed when this process may (root, with apt-get).
 *
 * @throws Error that says what to install
 */
export async function registryProgram(name: Program): Promise<string> {
  const { from, variable } = PROGRAMS[name];
  const given = process.env[variable];
  if (given !== undefined) {
    if (!isProgram(given)) throw new Error(`${variable} names no program: ${given}`);
    return given;
  }
  const known = onPath(name);
  if (known !== undefined) return known;
  const packages = [...new Set(Object.values(PROGRAMS).map((program) => program.from))];
  const advice = `install it (Debian: apt-get install ${packages.join(" ")}), or set ${variable} to it`;
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined)
    throw new Error(`${name} (of Debian's package ${from}) is not on PATH: ${advice}`);
  await withLock(join(cacheFolder(), "registry-packages.lock"), async () => {
    if (onPath(name) !== undefined) return;
    console.error(`installing ${packages.join(", ")} with apt-get, once for this machine …`);
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "--yes", "--no-install-recommends", ...packages];
    await run("apt-get", install, { env })
      .catch(() => run("apt-get", ["update"], { env }).then(() => run("apt-get", install, { env })))
      .catch((cause) => {
        throw new Error(`${name} could not be installed: ${advice}`, { cause });
      });
  });
  const installed = onPath(name);
  if (installed === undefined) throw new Error(`${name} is not on PATH after its installation: ${advice}`);
  return installed;
}

/** A line of the file. The password goes in by standard input; the name is put in by us: the program takes -x for an option. */
async function hashedLine(htpasswd: string, { username, password }: RegistryUser): Promise<string> {
  const child = spawn(htpasswd, ["-n", "-i", "-B", "-C", "5", "user"], { stdio: ["pipe", "pipe", "pipe"] });
  let [out, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (errors += chunk));
  child.stdin.end(`${password}\n`);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`htpasswd ended with ${code}: ${errors.trim()}`);
  return out.trim().replace("user", () => username);
}

async function statusOf(host: string): Promise<number | undefined> {
  try {
    const answer = await fetch(`http://${host}/v2/`);
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

function onPath(name: string): string | undefined {
  const folders = `${process.env.PATH ?? ""}${delimiter}/usr/sbin`.split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
