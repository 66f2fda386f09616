import { setTimeout as sleep } from "node:timers/promises";
import type { Resource } from "@ashlar/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../components/api-client.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { expiringCredential } from "../components/expiring-credential.ts";
import { type Fault, type FaultProxy, faultProxy } from "../components/fault-proxy.ts";
import { runKubectl } from "../components/run-kubectl.ts";
import { CONFIG_MAPS, configMap, PODS, pod } from "../live-components/objects.ts";

/** On a machine that has other things to do. */
const SOON = { timeout: 10_000 };
let plane: ControlPlane;
let proxy: FaultProxy;
let client: ApiClient;

beforeAll(async () => {
  const deployer = (token: string) => ({ token, user: "deployer", groups: [] });
  plane = await startControlPlane({ kubelet: true, users: ["first", "second"].map(deployer) });
  await plane.create(configMap("there"));
});
afterAll(() => plane?.stop());

beforeEach(async () => {
  proxy = await faultProxy(plane);
  client = apiClient(Number(new URL(proxy.url).port), plane.token, proxy.ca);
  expect((await client.dryRun(configMap("warm"))).accepted).toBe(true);
});
afterEach(async () => {
  client.close();
  await proxy.close();
});

const kubectl = (...args: string[]) => runKubectl(args, proxy.kubeconfig);
const isThere = async (name: string) => (await plane.get(`${CONFIG_MAPS}/${name}`)).code === 200;

/** Creates a ConfigMap while this fault is on. */
const createWith = (name: string, fault: Fault) => {
  proxy.set(({ method }) => (method === "POST" ? fault : undefined));
  return client.create(configMap(name));
};

test("passes on what it is not told to break, and notes it", async () => {
  proxy.set();
  await client.create(configMap("through"));
  expect((await client.get(`${CONFIG_MAPS}/through?a=b`)).code).toBe(200);
  expect(proxy.seen).toMatchObject([
    { number: 1, method: "POST", path: CONFIG_MAPS, status: 201, serverStatus: 201, upgrade: false },
    { number: 2, method: "GET", path: `${CONFIG_MAPS}/through`, query: "a=b", status: 200 },
  ]);
  expect(JSON.stringify(proxy.seen)).not.toContain(plane.token);
});

test.each([
  [{ cut: "before" }, false],
  [{ cut: "after" }, true],
  [{ cut: "half" }, true],
] as const)("ends a connection: %o", async (fault, done) => {
  const name = `cut-${fault.cut}`;
  await expect(createWith(name, fault)).rejects.toThrow(/socket hang up|ECONNRESET|aborted/);
  expect(await isThere(name)).toBe(done);
  expect(proxy.seen.at(-1)).toMatchObject({ fault, ...(done && { serverStatus: 201 }) });
});

test.each([
  [401, "Unauthorized"],
  [409, "Conflict"],
  [429, "TooManyRequests"],
  [500, "InternalError"],
  [503, "ServiceUnavailable"],
  [504, "Timeout"],
] as const)("answers %i, before and after the server has done it", async (code, reason) => {
  for (const after of [false, true]) {
    const name = `answered-${code}-${after}`;
    const answer = await createWith(name, { answer: code, after, retryAfter: 1 });
    expect(answer).toMatchObject({ accepted: false, status: { code, reason } });
    expect(answer).toHaveProperty("status.details.retryAfterSeconds", 1);
    expect(await isThere(name)).toBe(after);
  }
});

test("answers a conflict that names the object, and 429 as text", async () => {
  proxy.set(() => ({ answer: 409 }));
  const path = "/apis/apps/v1/namespaces/default/deployments/web";
  expect((await client.get(path)).body).toMatchObject({
    message: expect.stringMatching(/^Operation cannot be fulfilled on deployments "web": the object has/),
    details: { group: "apps", kind: "deployments", name: "web" },
  });
  proxy.set(() => ({ answer: 429, retryAfter: 1, plain: true }));
  expect(await client.get(path)).toMatchObject({ code: 429, body: expect.stringMatching(/^Too many/) });
});

test("says when to come back, and a real client does", async () => {
  proxy.set(({ number }) => (number === 1 ? { answer: 429, retryAfter: 1 } : undefined));
  const { code } = await kubectl("get", "--raw", "/version");
  expect(code).toBe(0);
  expect(proxy.seen.map(({ status }) => status)).toEqual([429, 200]);
  expect(proxy.seen[1]!.at - proxy.seen[0]!.at).toBeGreaterThanOrEqual(990);
});

test("hangs and delays", async () => {
  const answered = createWith("hung-after", { hang: "after" }).then(
    () => "answered",
    () => "cut",
  );
  await expect.poll(() => isThere("hung-after"), SOON).toBe(true);
  expect(await Promise.race([answered, sleep(200, "hangs")])).toBe("hangs");
  const never = createWith("hung-before", { hang: "before" }).catch(() => "cut");
  expect(await Promise.race([never, sleep(300, "hangs")])).toBe("hangs");
  expect(await isThere("hung-before")).toBe(false);

  const start = Date.now();
  expect(await createWith("delayed", { delay: 400 })).toMatchObject({ accepted: true });
  expect(Date.now() - start).toBeGreaterThanOrEqual(390);
  client.close();
  await proxy.close();
  expect(await Promise.all([answered, never])).toEqual(["cut", "cut"]);
  proxy = await faultProxy(plane);
});

test("keeps connections", async () => {
  for (const _ of [1, 2, 3]) expect((await client.get("/version")).code).toBe(200);
  expect(proxy.connections).toBe(1);
});

test("passes a watch on while it runs, and breaks it", async () => {
  const waits = kubectl(
    "wait",
    "--for=jsonpath={.metadata.labels.seen}=yes",
    "configmap/there",
    "--timeout=10s",
  );
  await expect.poll(() => proxy.seen.find(({ query }) => /watch=true/.test(query))?.status, SOON).toBe(200);
  await plane.apply(configMap("there", { seen: "yes" }));
  expect(await waits).toMatchObject({ code: 0, out: expect.stringContaining("condition met") });
  for (const cut of ["before", "after", "half"] as const) {
    proxy.set(() => ({ cut }));
    await expect(client.get(`${CONFIG_MAPS}?watch=true`)).rejects.toThrow(/hang up|ECONNRESET|aborted/);
    expect(proxy.seen[0]?.status).toBe(cut === "half" ? 200 : undefined);
  }
});

test("passes exec by WebSocket on, and breaks it", async () => {
  await plane.create(pod("shell"));
  await kubectl("wait", "--for=condition=Ready", "pod/shell", "--timeout=10s");
  const exec = () => kubectl("exec", "shell", "--", "sh", "-c", "echo through; exit 4");
  proxy.set();
  expect(await exec()).toMatchObject({ code: 4, out: "through\n" });
  expect(proxy.seen).toContainEqual(
    expect.objectContaining({ method: "GET", path: `${PODS}/shell/exec`, upgrade: true, status: 101 }),
  );
  proxy.set(({ upgrade }) => (upgrade ? { answer: 503 } : undefined));
  expect((await exec()).err).toMatch(/unable to handle the request|503/);
  for (const cut of ["before", "after", "half"] as const) {
    proxy.set(({ upgrade }) => (upgrade ? { cut } : undefined));
    expect((await exec()).code, cut).toBe(1);
    const { serverStatus } = proxy.seen.find(({ upgrade }) => upgrade)!;
    expect(serverStatus, cut).toBe(cut === "before" ? undefined : 101);
  }
});

test("ends the time of a token, and the credential plugin is asked for the next", async () => {
  await plane.create({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "deployer" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "User", name: "deployer" }],
  } as Resource);
  const credential = await expiringCredential(plane, ["first", "second"], 2);
  const config = await proxy.kubeconfigFor(credential.plugin);
  proxy.set(credential.decide);
  const get = ["get", "--raw", `${CONFIG_MAPS}/there`];
  expect((await runKubectl(get, config)).code).toBe(0);
  expect(await credential.issued()).toBe(1);
  const { err } = await runKubectl(["get", "services,endpoints,configmaps"], config);
  expect(err).toMatch(/Unauthorized|must be logged in/);
  expect(await credential.issued()).toBe(2);
  expect(proxy.seen.map(({ status }) => status).slice(1, 4)).toEqual([200, 200, 401]);
  expect((await runKubectl(get, config)).err).toMatch(/no token is left/);
});
