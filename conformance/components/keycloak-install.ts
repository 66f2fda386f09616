import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";

/** The release of Keycloak that everything here is held against. */
export const KEYCLOAK_VERSION = "26.7.3";

const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${KEYCLOAK_VERSION}:zip`;
const SHA256 = "27a6535553c3cdcd083872ba40629efafb3475e3b758e0c6f691395561dd0f1f";
const LEAST_JAVA = 17;

const run = promisify(execFile);

/** What a start needs: the folder of the unpacked release, which nobody writes into, and the program that runs it. */
export interface KeycloakInstall {
  readonly home: string;
  readonly java: string;
}

/**
 * The unpacked release of Keycloak, fetched from Maven Central once for this machine, and a Java that can run it. The
 * environment variable `ASHLAR_KEYCLOAK` names the folder of another unpacked release, `JAVA_HOME` another Java.
 *
 * @throws Error when there is no Java or no Maven, or when the release cannot be fetched or is not the pinned one
 */
export async function keycloakInstall(): Promise<KeycloakInstall> {
  const java = await javaProgram();
  const given = process.env.ASHLAR_KEYCLOAK;
  if (given !== undefined) {
    if (!existsSync(join(given, "lib", "quarkus-run.jar")))
      throw new Error(
        `ASHLAR_KEYCLOAK names no unpacked Keycloak: there is no lib/quarkus-run.jar in ${given}`,
      );
    return { home: given, java };
  }
  const folder = join(cacheFolder(), "keycloak");
  const home = join(folder, `keycloak-${KEYCLOAK_VERSION}`);
  if (!existsSync(home)) {
    await mkdir(folder, { recursive: true });
    await withLock(`${home}.lock`, async () => {
      if (!existsSync(home)) await install(folder, home);
    });
  }
  return { home, java };
}

async function javaProgram(): Promise<string> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const told = await run(java, ["-version"]).then(
    ({ stderr }) => stderr,
    (error: Error) => error.message,
  );
  // `openjdk version "17.0.15" 2025-04-15`
  const release = Number(/version "(\d+)/.exec(told)?.[1] ?? 0);
  if (release < LEAST_JAVA)
    throw new Error(
      `Keycloak ${KEYCLOAK_VERSION} needs Java ${LEAST_JAVA} or newer: install one (Debian: openjdk-17-jre-headless), or set ` +
        `JAVA_HOME. "${java} -version" said: ${told.trim()}`,
    );
  return java;
}

async function install(folder: string, home: string): Promise<void> {
  console.error(`fetching Keycloak ${KEYCLOAK_VERSION} from Maven Central, once for this machine …`);
  const work = await mkdtemp(join(folder, "unpack-"));
  try {
    await copyFromMaven(work);
    const zip = await readFile(join(work, `keycloak-quarkus-dist-${KEYCLOAK_VERSION}.zip`));
    const sum = createHash("sha256").update(zip).digest("hex");
    if (sum !== SHA256) throw new Error(`${ARTIFACT} is another one: expected SHA-256 ${SHA256}, got ${sum}`);
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      if (name.endsWith("/")) continue;
      const file = join(work, "unpacked", name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    await rename(join(work, "unpacked", `keycloak-${KEYCLOAK_VERSION}`), home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function copyFromMaven(folder: string): Promise<void> {
  const args = ["-B", "-q", "dependency:copy", `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`];
  try {
    await run("mvn", [...args, "-Dmdep.useBaseVersion=true"], { cwd: folder });
  } catch (error) {
    const { stdout = "", message } = error as Error & { readonly stdout?: string };
    throw new Error(
      `${ARTIFACT} could not be fetched. It needs Maven (Debian: maven) and, the first time, a Maven repository that can be ` +
        `reached; or set ASHLAR_KEYCLOAK to the folder of an unpacked release. Maven said:\n${(stdout || message).trim().slice(-2000)}`,
    );
  }
}
