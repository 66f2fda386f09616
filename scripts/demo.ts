// The main job on the reference platform: render it, prove it, show who reaches whom, explain one refusal.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./packages.ts";

const PLATFORM = join("examples", "strix", "platform.ts");
const folder = mkdtempSync(join(tmpdir(), "ashlar-demo-"));
let failed = false;

try {
  ashlar(["render", PLATFORM, "--out", folder], "ashlar render examples/strix/platform.ts --out DIR", 0);
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (file.isFile()) console.log(`  ${join(file.parentPath, file.name).slice(folder.length + 1)}`);
  ashlar(["check", PLATFORM], `ashlar check ${PLATFORM}`, 0);
  ashlar(["matrix", "network", PLATFORM], `ashlar matrix network ${PLATFORM}`, 0);
  ashlar(
    ["explain", "reach", "prod/busybox", "dev/busybox:80", PLATFORM],
    `ashlar explain reach prod/busybox dev/busybox:80 ${PLATFORM}`,
    1,
  );
  ashlar(
    ["explain", "can", "developer", "delete", "pods", "-n", "prod", PLATFORM],
    `ashlar explain can developer delete pods -n prod ${PLATFORM}`,
    1,
  );
  const asked = ["--subject", "developer", "--resource", "pods", "--resource", "secrets"];
  ashlar(
    ["matrix", "access", PLATFORM, ...asked, "-n", "dev", "-n", "prod"],
    `ashlar matrix access ${PLATFORM} ${asked.join(" ")} -n dev -n prod`,
    0,
  );
  ashlar(
    ["explain", "dns", "my.db", "--from", "dev", PLATFORM],
    `ashlar explain dns my.db --from dev ${PLATFORM}`,
    0,
  );
  ashlar(
    ["explain", "url", "https://logs.k8s.strix.kr/app", PLATFORM],
    `ashlar explain url https://logs.k8s.strix.kr/app ${PLATFORM}`,
    0,
  );
  ashlar(["explain", "login", "developer", PLATFORM], `ashlar explain login developer ${PLATFORM}`, 0);
  console.log(`
With a cluster (docs/live.md):
  ashlar diff ${PLATFORM} --live     what applying would change there, and what it means
  ashlar apply ${PLATFORM}           the same, a question, and then it is done
  ashlar verify ${PLATFORM}          the claims, asked of what runs`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;

/** Runs the program as a user would, and holds it to the exit code that its answer must have. */
function ashlar(args: readonly string[], shown: string, expected: number): void {
  console.log(`\n$ ${shown}`);
  const program = join(ROOT, "packages", "platform", "bin", "ashlar.js");
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: ROOT, stdio: "inherit" });
  if (status !== expected) {
    console.error(`exit code ${status}, expected ${expected}`);
    failed = true;
  }
}
