import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Resource, readYaml } from "@ashlar/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlProgram } from "../components/kubectl.ts";
import { createDefinitions } from "../edge/objects.ts";
import { certManagerSets } from "../real-sets/sets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STRIX = join(ROOT, "examples", "strix", "platform.ts");

let server: ControlPlane;
let kubectl: (args: readonly string[], options?: { input?: string; cwd?: string }) => string;
let out: string;

/** The program as a user runs it, from its sources. */
function ashlar(...args: readonly string[]): string {
  const bin = join(ROOT, "packages", "platform", "src", "cli", "bin.ts");
  return execFileSync(process.execPath, ["--conditions=@ashlar/source", bin, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

beforeAll(async () => {
  server = await startControlPlane();
  // The platform has issuers of cert-manager; what blocks make for the edge is held in edge.test.ts.
  const definitions = (await certManagerSets()).find(({ name }) => name === "cert-manager CRDs");
  await createDefinitions(server, definitions!);
  const program = await kubectlProgram();
  out = mkdtempSync(join(tmpdir(), "ashlar-render-"));
  kubectl = (args, options = {}) =>
    execFileSync(program, args, {
      ...options,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, HOME: out, KUBECONFIG: server.kubeconfig },
    });
  ashlar("render", STRIX, "--out", out);
});

afterAll(async () => {
  await server?.stop();
  if (out !== undefined) rmSync(out, { recursive: true, force: true });
});

/** The golden outputs of every block of every package: objects, and patches as the objects that they are. */
function cases(): [string, Resource[]][] {
  return (
    globSync("packages/*/src/*/cases/*.out.yaml", { cwd: ROOT })
      // A Deployment of others is patched there: registry-nexus.test.ts does that to a whole one.
      .filter((file) => !/^packages\/(ingress|registry\/src\/nexus)\//.test(file))
      .sort()
      .map((file) => {
        const { resources, findings } = readYaml(readFileSync(join(ROOT, file)), { file });
        expect(findings).toEqual([]);
        return [file, resources];
      })
  );
}

test("ashlar render | kubectl apply --server-side -f - works, and a second time changes nothing", () => {
  const yaml = ashlar("render", STRIX);
  const apply = () => kubectl(["apply", "--server-side", "--validate=strict", "-f", "-"], { input: yaml });
  const first = apply().trim().split("\n");
  expect(first).toHaveLength(readYaml(yaml, { file: "-" }).resources.length);
  for (const line of first) expect(line).toMatch(/serverside-applied$/);
  // Bookkeeping is left out: of a Namespace without fields the server drops its field managers on every second apply.
  const objects = () =>
    JSON.parse(kubectl(["get", "ns,netpol,deploy,svc", "-A", "-o", "json"])).items.map(
      ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: Resource) => ({ ...rest, metadata }),
    );
  const before = objects();
  apply();
  expect(objects()).toEqual(before);
});

test("so does the JSON List", () => {
  const json = ashlar("render", STRIX, "--format", "json");
  expect(
    kubectl(["apply", "--server-side", "--validate=strict", "--dry-run=server", "-f", "-"], { input: json }),
  ).toContain("networkpolicy.networking.k8s.io/namespace-ingress");
});

test("the runbook's apply and patch steps run as they are written", () => {
  const commands = readFileSync(join(out, "runbook.sh"), "utf8")
    .split("\n")
    .filter((line) => /^kubectl (apply|patch namespace) /.test(line));
  expect(commands).toHaveLength(4);
  for (const command of commands) kubectl(command.split(" ").slice(1), { cwd: out });
  const labels = JSON.parse(kubectl(["get", "namespace", "default", "-o", "json"])).metadata.labels;
  expect(labels).toEqual({ env: "common", "kubernetes.io/metadata.name": "default" });
});

test("a patch of an object that is not there fails instead of making one", () => {
  const patch = join(out, "patches", "namespace-default.yaml");
  expect(existsSync(patch)).toBe(true);
  expect(() =>
    kubectl(["patch", "namespace", "nobody", "--type=strategic", `--patch-file=${patch}`]),
  ).toThrow(/not found/);
});

test("what the cluster then holds proves the same claims: kubectl get -o yaml | ashlar check -", () => {
  const dump = kubectl(["get", "ns,netpol,deploy,svc", "-A", "-o", "yaml"]);
  const { resources, findings } = readYaml(dump, { file: "-" });
  expect(findings).toEqual([]);
  expect(resources.filter((r: Resource) => r.kind === "NetworkPolicy")).toHaveLength(4);
  const bin = join(ROOT, "packages", "platform", "src", "cli", "bin.ts");
  const claims = ["ns:dev -/-> ns:prod", "ns:prod -/-> ns:dev", "prod/busybox -> default/busybox:80"].flatMap(
    (c) => ["--claim", c],
  );
  const { stdout } = spawnSync(
    process.execPath,
    ["--conditions=@ashlar/source", bin, "check", "-", ...claims],
    { input: dump, encoding: "utf8" },
  );
  expect(stdout).toContain("3 of 3 claims proved, 0 errors");
});

test.each(cases())("kube-apiserver accepts every object of %s, strictly", async (_, resources) => {
  expect(resources.length).toBeGreaterThan(0);
  expect(await acceptAll(server, resources)).toEqual([]);
});
