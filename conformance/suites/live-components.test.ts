import { spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { admissionWebhook } from "../components/admission-webhook.ts";
import { auditEvents } from "../components/audit-log.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { AFTER_ANNOTATION, FAIL_LABEL } from "../components/kwok-stages.ts";
import { runKubectl } from "../components/run-kubectl.ts";
import { terminatingNamespace } from "../components/terminating-namespace.ts";
import { CONFIG_MAPS, configMap, deployment, job, PODS, pod } from "../live-components/objects.ts";

const CANARY = "canary-5c1f7e";
/** On a machine that has other things to do. */
const SOON = { timeout: 10_000 };
let plane: ControlPlane;

beforeAll(async () => {
  const users = [{ token: "deployer", user: "deployer", groups: ["deployers"] }];
  plane = await startControlPlane({ kubelet: true, audit: true, users });
});
afterAll(() => plane?.stop());

const kubectl = (...args: string[]) => runKubectl(args, plane.kubeconfig);

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, of every kind
const body = async (path: string): Promise<any> => (await plane.get(path)).body;

async function readyPods(name: string): Promise<number> {
  await plane.create(deployment(name));
  const ready = async () =>
    (await body(`/apis/apps/v1/namespaces/default/deployments/${name}`)).status.readyReplicas;
  await expect.poll(ready, SOON).toBe(2);
  return (await body(`${PODS}?labelSelector=app%3D${name}`)).items.length;
}

describe("a kubelet that pretends", () => {
  test("makes the pods of a Deployment ready", async () => {
    expect(await readyPods("web")).toBe(2);
  });

  test.each([
    ["image-pull", "Pending", "ImagePullBackOff", /pulling image "registry.test\/app:1"/],
    ["config", "Pending", "CreateContainerConfigError", /secret "absent" not found/],
    ["crash-loop", "Running", "CrashLoopBackOff", /restarting failed container=main pod=fails-crash-loop_/],
    ["out-of-memory", "Running", "CrashLoopBackOff", /restarting failed container/],
  ])("makes a pod fail: %s", async (failure, phase, reason, message) => {
    await plane.create(pod(`fails-${failure}`, { [FAIL_LABEL]: failure }));
    const status = async () => (await body(`${PODS}/fails-${failure}`)).status;
    await expect.poll(async () => (await status()).containerStatuses, SOON).toBeDefined();
    const { phase: is, conditions, containerStatuses } = await status();
    expect(is).toBe(phase);
    expect(containerStatuses[0]).toMatchObject({ ready: false, state: { waiting: { reason } } });
    expect(containerStatuses[0].state.waiting.message).toMatch(message);
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: "Ready", status: "False", reason: "ContainersNotReady" }),
    );
  });

  test("leaves a pod running that is not ready, heals one that could not start, and takes its time", async () => {
    await plane.create(pod("slow", {}, { [AFTER_ANNOTATION]: "1500ms" }));
    const made = Date.now();
    await plane.create(pod("not-ready", { [FAIL_LABEL]: "not-ready" }));
    await plane.create(pod("healed", { [FAIL_LABEL]: "image-pull" }));
    const container = async (name: string) =>
      (await body(`${PODS}/${name}`)).status.containerStatuses?.[0] ?? {};
    await expect
      .poll(() => container("not-ready"), SOON)
      .toMatchObject({ ready: false, state: { running: {} } });
    await expect
      .poll(() => container("healed"), SOON)
      .toMatchObject({ ready: false, state: { waiting: {} } });
    await kubectl("label", "pod", "healed", `${FAIL_LABEL}-`);
    await expect.poll(() => container("healed"), SOON).toMatchObject({ ready: true });
    await expect.poll(() => container("slow"), SOON).toMatchObject({ ready: true });
    expect(Date.now() - made).toBeGreaterThanOrEqual(1_400);
  });

  test("ends Jobs, well or not, and leaves what nothing can schedule", async () => {
    await plane.create(job("succeeds"));
    await plane.create(job("fails", { [FAIL_LABEL]: "exit" }));
    await plane.create(pod("nowhere", {}, {}, { nodeSelector: { disk: "none" } }));
    const conditions = async (path: string) => (await body(path)).status.conditions ?? [];
    const jobs = "/apis/batch/v1/namespaces/default/jobs";
    const has = (type: string, reason?: string) =>
      expect.arrayContaining([expect.objectContaining({ type, ...(reason && { reason }) })]);
    await expect.poll(() => conditions(`${jobs}/succeeds`), SOON).toEqual(has("Complete"));
    await expect.poll(() => conditions(`${jobs}/fails`), SOON).toEqual(has("Failed", "BackoffLimitExceeded"));
    await expect
      .poll(() => conditions(`${PODS}/nowhere`), SOON)
      .toEqual(has("PodScheduled", "Unschedulable"));
  });
});

describe("exec", () => {
  beforeAll(async () => {
    for (const name of ["shell", "other"]) await plane.create(pod(name));
    const { out } = await kubectl("wait", "--for=condition=Ready", "pod/shell", "pod/other", "--timeout=10s");
    expect(out).toContain("pod/other condition met");
  });
  afterEach(() => plane.execute([]));

  const exec = (name: string, ...command: string[]) => kubectl("exec", name, "--", ...command);

  test("runs a process of this machine: its words, its end, its input", async () => {
    expect(await exec("shell", "echo", "said")).toEqual({ code: 0, out: "said\n", err: "" });
    const failed = await exec("shell", "sh", "-c", "echo out; echo err >&2; exit 3");
    expect(failed).toMatchObject({ code: 3, out: "out\n" });
    expect(failed.err).toMatch(/^err\ncommand terminated with exit code 3/);
    const piped = await runKubectl(["exec", "-i", "shell", "--", "wc", "-c"], plane.kubeconfig, "four");
    expect(piped.out.trim()).toBe("4");
  });

  test("says what a container runtime says when there is no such program", async () => {
    const { code, err } = await exec("shell", "no-such-program");
    expect(code).toBe(1);
    expect(err).toMatch(/exec: "no-such-program": executable file not found in \$PATH/);
  });

  test("gives pods other environments and programs, and refuses", async () => {
    const programs = await mkdtemp(join(plane.folder, "programs-"));
    await writeFile(join(programs, "nc"), '#!/bin/sh\necho "nc $* in $PWD on $HOSTNAME"\nexit 1\n');
    await chmod(join(programs, "nc"), 0o755);
    await plane.execute([
      { pod: "sh*", env: { PATH: programs, WHERE: "here" }, dir: programs },
      { namespace: "default", refuse: "container is paused" },
    ]);
    expect(await exec("shell", "nc", "-z", "db", "5432")).toMatchObject({
      code: 1,
      out: `nc -z db 5432 in ${programs} on shell\n`,
    });
    expect((await exec("shell", "sh")).err).toMatch(/"sh": executable file not found/);
    expect((await exec("other", "nc")).err).toMatch(/container is paused/);
    await plane.execute([{ pod: "shell", through: ["sh", "-c", 'echo "$0 $1, wrapped"'] }]);
    expect((await exec("shell", "nslookup", "web")).out).toBe("nslookup web, wrapped\n");
  });
});

describe("an audit log", () => {
  test("has the bodies of all but Secrets", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "audited" },
      stringData: { a: CANARY },
    };
    await plane.create(secret as never);
    await plane.create(configMap("audited"));
    const events = await auditEvents(plane.auditLog!);
    const of = (resource: string) =>
      events.find(
        (e) => e.objectRef?.resource === resource && e.verb === "create" && e.objectRef.name === "audited",
      );
    expect(of("configmaps")).toMatchObject({
      user: { username: "conformance" },
      requestObject: { kind: "ConfigMap" },
      responseStatus: { code: 201 },
    });
    expect(of("secrets")).toMatchObject({ level: "Metadata", responseStatus: { code: 201 } });
    const text = await readFile(plane.auditLog!, "utf8");
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(Buffer.from(CANARY).toString("base64"));
  });
});

describe("a webhook", () => {
  test("refuses what it shall, in dry runs too, until it is closed", async () => {
    const webhook = await admissionWebhook(plane, ({ name, operation, object }) =>
      object?.kind === "ConfigMap" && name === "unwanted" ? `no ${operation} of unwanted` : undefined,
    );
    const refused = {
      accepted: false,
      status: { message: `admission webhook "${webhook.name}" denied the request: no CREATE of unwanted` },
    };
    expect(await plane.dryRun(configMap("unwanted"))).toMatchObject(refused);
    expect(await plane.create(configMap("unwanted"))).toMatchObject(refused);
    expect(await plane.create(configMap("wanted"))).toMatchObject({ accepted: true });
    await webhook.close();
    await expect.poll(async () => (await plane.create(configMap("unwanted"))).accepted, SOON).toBe(true);
  });
});

describe("a namespace that does not go", () => {
  test("is Terminating, takes nothing, and goes when it is let go", async () => {
    const held = await terminatingNamespace(plane, "stuck");
    expect((await body("/api/v1/namespaces/stuck")).status.phase).toBe("Terminating");
    const inside = configMap("late", {}, "stuck");
    expect(await plane.create(inside)).toMatchObject({
      accepted: false,
      status: { code: 403, details: { causes: [{ reason: "NamespaceTerminating" }] } },
    });
    await held.release();
    await expect.poll(async () => (await plane.get("/api/v1/namespaces/stuck")).code, SOON).toBe(404);
  });
});

describe("a kubeconfig", () => {
  test("stands for another user", async () => {
    const config = await plane.kubeconfigFor("deployer");
    expect((await runKubectl(["auth", "whoami"], config)).out).toMatch(/Username +deployer/);
    expect((await runKubectl(["get", "secrets"], config)).err).toMatch(
      /User "deployer" cannot list resource "secrets"/,
    );
  });
});

describe("a server that restarts", () => {
  test("has what it had, and controllers and kubelet find it again", async () => {
    await plane.create(configMap("kept"));
    await plane.stopApiServer();
    await expect(plane.get("/version")).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    await plane.startApiServer();
    expect((await plane.get(`${CONFIG_MAPS}/kept`)).code).toBe(200);
    expect(await readyPods("after-restart")).toBe(2);
    expect((await kubectl("exec", "shell", "--", "echo", "again")).out).toBe("again\n");
  });
});

test("a control plane with a kubelet leaves nothing when its owner ends by SIGKILL", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-test-"));
  try {
    const hold = fileURLToPath(new URL("../components/hold-control-plane.ts", import.meta.url));
    const owner = spawn(process.execPath, ["--conditions=@ashlar/source", hold, "kubelet"], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      owner.once("exit", () => reject(new Error("ended before it was up")));
      owner.stdout.once("data", () => resolve());
    });
    const names = (await readdir(folder)).map((name) => name.replace(/-[^-]+$/, "")).sort();
    expect(names).toEqual(
      ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet-exec", "kwok"].map(
        (name) => `ashlar-${name}`,
      ),
    );
    owner.kill("SIGKILL");
    await expect.poll(() => readdir(folder), SOON).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
