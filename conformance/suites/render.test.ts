import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Resource, readYaml } from "@ashlar/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlProgram } from "../components/kubectl.ts";
import { createDefinitions } from "../edge/objects.ts";
import { certManagerSets } from "../real-sets/sets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "packages", "platform", "src", "cli", "bin.ts");
const STRIX = join(ROOT, "examples", "strix", "platform.ts");

let server: ControlPlane;
let kubectl: (args: readonly string[], options?: { input?: string; cwd?: string }) => string;
let out: string;
let program: string;

/** The program as a user runs it, from its sources. */
function ashlar(...args: readonly string[]): string {
  return execFileSync(process.execPath, ["--conditions=@ashlar/source", BIN, ...args], {
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
  program = await kubectlProgram();
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
  // What others make: the controllers of Kubernetes, and a chart.
  for (const namespace of ["default", "dev", "prod"])
    kubectl(["create", "serviceaccount", "default", `--namespace=${namespace}`]);
  kubectl(["create", "configmap", "nginx-ingress-controller", "--from-literal=keep=this"]);
  // The JSON patch of the autoscaler is held in kube-dns-removal.test.ts.
  const commands = readFileSync(join(out, "runbook.sh"), "utf8")
    .split("\n")
    .filter((line) => /^kubectl (apply |patch .*--type=strategic)/.test(line));
  expect(commands).toHaveLength(8);
  for (const command of commands) kubectl(command.split(" ").slice(1), { cwd: out });
  const get = (...of: string[]) => JSON.parse(kubectl(["get", ...of, "-o", "json"]));
  expect(get("namespace", "default").metadata.labels).toEqual({
    env: "common",
    "kubernetes.io/metadata.name": "default",
  });
  expect(get("serviceaccount", "default", "-n", "prod").imagePullSecrets).toEqual([
    { name: "local-docker-registry-secret" },
  ]);
  expect(get("configmap", "nginx-ingress-controller").data).toMatchObject({
    keep: "this",
    "proxy-buffer-size": "64k",
    "proxy-body-size": "1g",
  });
});

describe("ashlar seal --kubectl", () => {
  const VALUES = { REGISTRY_PASSWORD: 'canary-"registry"', KUBERNETES_CLIENT_SECRET: "canary-client" };
  const sealed = (env: Readonly<Record<string, string>>, kubeconfig = server.kubeconfig) =>
    spawnSync(process.execPath, ["--conditions=@ashlar/source", BIN, "seal", STRIX, "--kubectl"], {
      encoding: "utf8",
      env: { PATH: `${dirname(program)}:${process.env.PATH}`, HOME: out, KUBECONFIG: kubeconfig, ...env },
    });
  const secrets = () =>
    JSON.parse(kubectl(["get", "secrets", "-A", "-o", "json"])).items as {
      metadata: { name: string; namespace: string };
      data: Readonly<Record<string, string>>;
    }[];

  test("does nothing when a value is missing, and says which", () => {
    const { status, stdout, stderr } = sealed({ REGISTRY_PASSWORD: VALUES.REGISTRY_PASSWORD });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("KUBERNETES_CLIENT_SECRET");
    expect(secrets()).toEqual([]);
  });

  test("makes every Secret without showing a value, and keeps what was made at random", () => {
    const first = sealed(VALUES);
    expect([first.status, first.stdout]).toEqual([0, ""]);
    expect(first.stderr).not.toContain("canary");
    const made = secrets();
    expect(made.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort()).toEqual(
      [...readFileSync(join(out, "runbook.sh"), "utf8").matchAll(/ashlar seal --secret=(\S+) --kubectl/g)]
        .map(([, name]) => name)
        .sort(),
    );
    const config = made.find(({ metadata }) => metadata.name === "local-docker-registry-secret");
    expect(Buffer.from(config?.data[".dockerconfigjson"] ?? "", "base64").toString()).toContain("canary-");
    expect(sealed(VALUES).status).toBe(0);
    expect(secrets().map(({ data }) => data)).toEqual(made.map(({ data }) => data));
  });

  test("makes nothing when nobody can tell whether a random value is there already", () => {
    const { status, stderr } = sealed(VALUES, join(out, "no-such-kubeconfig"));
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot tell whether Secret|refused/);
    expect(stderr).not.toContain("canary");
  });
});

test("a patch of an object that is not there fails instead of making one", () => {
  const patch = join(out, "patches", "namespace-default.yaml");
  expect(existsSync(patch)).toBe(true);
  expect(() =>
    kubectl(["patch", "namespace", "nobody", "--type=strategic", `--patch-file=${patch}`]),
  ).toThrow(/not found/);
});

test("what the cluster then holds proves the same claims: kubectl get -o yaml | ashlar check -", () => {
  const dump = kubectl(["get", "ns,netpol,deploy,svc,secrets,ingressclasses", "-A", "-o", "yaml"]);
  const { resources, findings } = readYaml(dump, { file: "-" });
  expect(findings).toEqual([]);
  expect(resources.filter((r: Resource) => r.kind === "NetworkPolicy")).toHaveLength(4);
  const claims = ["ns:dev -/-> ns:prod", "ns:prod -/-> ns:dev", "prod/busybox -> default/busybox:80"].flatMap(
    (c) => ["--claim", c],
  );
  const { stdout } = spawnSync(
    process.execPath,
    ["--conditions=@ashlar/source", BIN, "check", "-", "--format", "json", ...claims],
    { input: dump, encoding: "utf8" },
  );
  const report = JSON.parse(stdout);
  expect(report.summary.claims).toEqual({ proved: 3, broken: 0, unknown: 0, vacuous: 0 });
  // The charts whose pods logins guard are not installed here.
  expect(
    report.findings.map(
      ({ code, subject }: { code: string; subject: { name: string } }) => `${code} ${subject.name}`,
    ),
  ).toEqual([
    "core/no-selector-without-pods logs-behind-login",
    "core/no-selector-without-pods dashboard-behind-login",
  ]);
});

test.each(cases())("kube-apiserver accepts every object of %s, strictly", async (_, resources) => {
  expect(resources.length).toBeGreaterThan(0);
  expect(await acceptAll(server, resources)).toEqual([]);
});
