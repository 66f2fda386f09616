/**
 * `npm run conformance [-- FILTER]`: builds the real components that this machine does not have yet, then holds ours against
 * them. Ends with the counts; exit code 1 when a test failed, 2 when a component could not be had.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromiumProgram } from "./components/chromium.ts";
import { CONTROL_PLANE_PROGRAMS, controlPlaneProgram } from "./components/control-plane-programs.ts";
import { registryProgram } from "./components/docker-registry.ts";
import { goProgram } from "./components/go.ts";
import { helmProgram } from "./components/helm.ts";
import { keycloakInstall } from "./components/keycloak-install.ts";
import { kubectlProgram } from "./components/kubectl.ts";
import { nginxProgram } from "./components/nginx.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const vitest = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

async function haveComponents(): Promise<void> {
  for (const name of CONTROL_PLANE_PROGRAMS) await controlPlaneProgram(name);
  const modules = await readdir(join(here, "go"), { withFileTypes: true });
  for (const { name } of modules.filter((m) => m.isDirectory()))
    if (!CONTROL_PLANE_PROGRAMS.some((program) => program === name)) await goProgram(name);
  await kubectlProgram();
  await helmProgram();
  await keycloakInstall();
  await chromiumProgram();
  await nginxProgram();
  for (const name of ["docker-registry", "skopeo", "htpasswd"] as const) await registryProgram(name);
}

async function runSuites(reports: string): Promise<number> {
  const args = [vitest, "run", "--config", join(here, "vitest.config.ts"), ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, {
    stdio: "inherit",
    env: { ...process.env, ASHLAR_REPORT_DIR: reports },
  });
  // A Ctrl-C reaches the child by itself; we stay until it is done.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}

async function printCounts(reports: string): Promise<void> {
  const text = await readFile(join(reports, "conformance.json"), "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { numPassedTests, numFailedTests } = JSON.parse(text) as Record<string, number>;
  console.log(`conformance: ${numPassedTests} passed, ${numFailedTests} failed`);
}

async function main(): Promise<number> {
  try {
    await haveComponents();
  } catch (error) {
    console.error((error as Error).message);
    return 2;
  }
  const given = process.env.ASHLAR_REPORT_DIR;
  const reports = given || (await mkdtemp(join(tmpdir(), "ashlar-report-")));
  try {
    const code = await runSuites(reports);
    await printCounts(reports);
    return code;
  } finally {
    if (!given) await rm(reports, { recursive: true, force: true });
  }
}

process.exitCode = await main();
