import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeDnsRemoval } from "@ashlar/dns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlProgram } from "../components/kubectl.ts";

let server: ControlPlane;
let home: string;
let kubectlPath: string;
let kubectl: (args: readonly string[], input?: string) => string;

/** As kops installed it beside kube-dns. */
const COMMAND = [
  "/cluster-proportional-autoscaler",
  "--namespace=kube-system",
  "--configmap=kube-dns-autoscaler",
  "--target=Deployment/kube-dns",
  '--default-params={"linear":{"coresPerReplica":256,"nodesPerReplica":16,"preventSinglePointFailure":true}}',
  "--logtostderr=true",
  "--v=2",
];

function deployment(name: string, container: string, command: readonly string[]) {
  const labels = { "k8s-app": name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "kube-system" },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: container, image: "example.test/image:1", command }] },
      },
    },
  };
}

const { steps } = kubeDnsRemoval({});
const [, patch, removal] = steps as [(typeof steps)[0], (typeof steps)[0], (typeof steps)[0]];

function commandOf(name: string): string[] {
  return JSON.parse(kubectl(["get", "deployment", name, "-n", "kube-system", "-o", "json"])).spec.template
    .spec.containers[0].command;
}

beforeAll(async () => {
  server = await startControlPlane();
  kubectlPath = await kubectlProgram();
  home = mkdtempSync(join(tmpdir(), "ashlar-kube-dns-"));
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: server.kubeconfig };
  kubectl = (args, input) =>
    execFileSync(kubectlPath, args, {
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      env,
      input: input ?? "",
    });
  for (const one of [
    deployment("kube-dns", "kubedns", ["/kube-dns"]),
    deployment("kube-dns-autoscaler", "autoscaler", COMMAND),
  ])
    kubectl(["create", "-f", "-"], JSON.stringify(one));
});

afterAll(async () => {
  await server?.stop();
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
});

test("the autoscaler's patch changes the target and nothing else, once, and its undo brings the old one back", () => {
  expect(kubectl(patch.argv.slice(1))).toContain("deployment.apps/kube-dns-autoscaler patched");
  const changed = COMMAND.with(3, "--target=deployment/coredns");
  expect(commandOf("kube-dns-autoscaler")).toEqual(changed);
  // A second time its tests fail.
  expect(() => kubectl(patch.argv.slice(1))).toThrow(/the server rejected our request/);
  expect(commandOf("kube-dns-autoscaler")).toEqual(changed);
  execFileSync("sh", ["-c", `kubectl() { "$KUBECTL" "$@"; }\n${patch.undo}`], {
    stdio: "pipe",
    env: { PATH: process.env.PATH, HOME: home, KUBECONFIG: server.kubeconfig, KUBECTL: kubectlPath },
  });
  expect(commandOf("kube-dns-autoscaler")).toEqual(COMMAND);
});

test.each([
  ["another container", { container: "scaler" }],
  ["another place", { index: 2 }],
  ["no such place", { index: 40 }],
  ["a list that is not there", { field: "args" as const }],
  ["another target", { target: "Deployment/coredns" }],
])("it is refused as a whole for %s, where a replace alone would be taken or added", (_, autoscaler) => {
  const other = kubeDnsRemoval({ autoscaler }).steps.find(({ argv }) => argv[1] === "patch")!;
  const before = kubectl(["get", "deployment", "kube-dns-autoscaler", "-n", "kube-system", "-o", "json"]);
  expect(() => kubectl(other.argv.slice(1))).toThrow(
    /the server rejected our request|Invalid|doesn't exist|missing/,
  );
  expect(kubectl(["get", "deployment", "kube-dns-autoscaler", "-n", "kube-system", "-o", "json"])).toBe(
    before,
  );
});

test("a replace of a list that is not there is taken by the server, which is why tests come first", () => {
  const ops = [{ op: "replace", path: "/spec/template/spec/containers/0/args", value: ["x"] }];
  const out = kubectl([
    "patch",
    "deployment/kube-dns-autoscaler",
    "-n=kube-system",
    "--type=json",
    "--dry-run=server",
    `--patch=${JSON.stringify(ops)}`,
    "-o=jsonpath={.spec.template.spec.containers[0].args}",
  ]);
  expect(out).toBe('["x"]');
});

test("kube-dns goes, the autoscaler stays", () => {
  expect(kubectl(removal.argv.slice(1))).toContain('"kube-dns" deleted');
  expect(kubectl(["get", "deployment", "-n", "kube-system", "-o", "name"]).trim()).toBe(
    "deployment.apps/kube-dns-autoscaler",
  );
});
