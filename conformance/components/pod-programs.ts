import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";

const run = promisify(execFile);

/** Programs as images of pods have them: `nc` of OpenBSD, `nslookup` of bind, and busybox, which is all of them at once. */
export type PodProgram = "nc.openbsd" | "nslookup" | "busybox" | "curl" | "wget" | "cat" | "sh";

const PACKAGES: Readonly<Partial<Record<PodProgram, string>>> = {
  "nc.openbsd": "netcat-openbsd",
  nslookup: "bind9-dnsutils",
  busybox: "busybox",
  curl: "curl",
  wget: "wget",
};

/**
 * Makes a folder of programs for a `PATH` of pods: by each name the program that stands for it, `{ nc: "nc.openbsd", nslookup: "busybox" }`.
 * Debian's packages are installed when this process may (root, with apt-get) and a program is not there.
 *
 * @throws Error that says what to install
 */
export async function podPrograms(
  folder: string,
  programs: Readonly<Record<string, PodProgram>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, program] of Object.entries(programs))
    await symlink(await pathOf(program), join(folder, name));
  return folder;
}

async function pathOf(program: PodProgram): Promise<string> {
  const known = onPath(program);
  if (known !== undefined) return known;
  const packages = Object.values(PACKAGES);
  const advice = `install ${PACKAGES[program] ?? program} (Debian: apt-get install ${packages.join(" ")})`;
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined)
    throw new Error(`${program} is not on PATH: ${advice}`);
  await withLock(join(cacheFolder(), "pod-packages.lock"), async () => {
    if (onPath(program) !== undefined) return;
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "--yes", "--no-install-recommends", ...packages];
    await run("apt-get", install, { env })
      .catch(() => run("apt-get", ["update"], { env }).then(() => run("apt-get", install, { env })))
      .catch((cause) => {
        throw new Error(`${program} could not be installed: ${advice}`, { cause });
      });
  });
  const installed = onPath(program);
  if (installed === undefined) throw new Error(`${program} is not on PATH after its installation: ${advice}`);
  return installed;
}

function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/bin"];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
