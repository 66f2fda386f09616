import type { Resource, Sealed } from "@ashlar/core";
import { applyPlan, type Cluster, planObjects } from "@ashlar/core/live";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlOutput } from "../components/run-kubectl.ts";
import { configMap, definition, namespace, patch, thing, workload } from "../live-apply/objects.ts";
import { actions, all, applied, connected, happened, live, summaryOf } from "../live-apply/run.ts";
import { kubectlApply } from "../live-apply/twins.ts";

// What happens between a plan and its apply, between two platforms, and to objects that are on their way out.

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true, audit: true });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

const kubectl = (...args: string[]) => kubectlOutput(args, plane.kubeconfig);
const core = (space: string, kind: string, name: string) => `/api/v1/namespaces/${space}/${kind}/${name}`;
const planOf = (name: string, ...resources: Resource[]) => planObjects(cluster, { name, resources });

describe("between a plan and its apply", () => {
  beforeAll(() => applied(cluster, { name: "between-space", resources: [namespace("between")] }));

  test("a value that another run made at random is kept", async () => {
    const token: Sealed = {
      metadata: { name: "token", namespace: "between" },
      type: "Opaque",
      values: {
        token: { from: "generated", bytes: 12 },
        user: { from: "command", argv: ["printf", "user"] },
      },
      data: ({ token: text, user }) => ({ token: text!, user: user! }),
      keys: ["token", "user"],
    };
    const desired = { name: "between-token", resources: [], sealed: [token] };
    const [first, second] = [await planObjects(cluster, desired), await planObjects(cluster, desired)];
    expect(happened(await all(applyPlan(first)))).toEqual(["created Secret between/token"]);
    const value = async () => (await live(plane, core("between", "secrets", "token"))).data;
    const made = await value();
    expect(happened(await all(applyPlan(second)))).toEqual(["changed Secret between/token"]);
    expect(await value()).toEqual(made);
  });

  test("what another platform makes is its own", async () => {
    const late = await planOf("between-late", configMap("between/taken", { a: "late" }));
    await applied(cluster, { name: "between-soon", resources: [configMap("between/taken", { b: "soon" })] });
    const events = await all(applyPlan(late));
    expect(happened(events)).toEqual(["failed ConfigMap between/taken"]);
    expect(summaryOf(events)).toMatchObject({ created: 0, changed: 0, left: 1 });
    expect((await live(plane, core("between", "configmaps", "taken"))).data).toEqual({ b: "soon" });
  });

  test("what another platform takes is not pruned", async () => {
    const [goes, stays] = [configMap("between/goes"), configMap("between/stays")];
    await applied(cluster, { name: "between-first", resources: [goes, stays] });
    const prunes = await planOf("between-first", stays);
    expect(actions(prunes)).toEqual(["prune ConfigMap between/goes"]);
    await applied(cluster, { name: "between-next", resources: [goes] }, { forceConflicts: () => true });
    const events = await all(applyPlan(prunes, { prune: true }));
    expect(happened(events)).toEqual(["failed ConfigMap between/goes"]);
    expect(JSON.stringify(events)).toContain("no longer of this platform");
    await live(plane, core("between", "configmaps", "goes"));
    expect(actions(await planOf("between-first", stays))).toEqual([]);
  });

  test("what another platform adds to a list that has one owner stays, when it is patched and when that is withdrawn", async () => {
    const account = core("between", "serviceaccounts", "default");
    const pulls = async () =>
      ((await live(plane, account)).imagePullSecrets ?? []).map(({ name }: { name: string }) => name);
    const of = (platform: string, ...names: string[]) => ({
      name: `between-${platform}`,
      resources: [],
      patches:
        names.length === 0
          ? []
          : [
              patch("ServiceAccount", "between/default", {
                imagePullSecrets: names.map((name) => ({ name })),
              }),
            ],
    });
    await vi.waitFor(() => live(plane, account), { timeout: 10_000 });
    await applied(cluster, of("a", "a1"));
    const patches = await planObjects(cluster, of("b", "b1"));
    await applied(cluster, of("a", "a1", "a2"));
    expect(summaryOf(await all(applyPlan(patches)))).toMatchObject({ changed: 1, left: 0 });
    expect((await pulls()).sort()).toEqual(["a1", "a2", "b1"]);
    const withdraws = await planObjects(cluster, of("b"));
    await applied(cluster, of("a", "a1", "a2", "a3"));
    // The list has another owner now: it is left, and the next run, which sees that, takes back its own.
    expect(summaryOf(await all(applyPlan(withdraws)))).toMatchObject({ changed: 0, left: 1 });
    expect((await pulls()).sort()).toEqual(["a1", "a2", "a3", "b1"]);
    expect((await applied(cluster, of("b"))).summary).toMatchObject({ changed: 1, left: 0 });
    expect((await pulls()).sort()).toEqual(["a1", "a2", "a3"]);
  });

  test("what a controller writes meanwhile is pruned all the same", async () => {
    await applied(cluster, { name: "between-web", resources: [workload("Deployment", "between/web")] });
    const prunes = await planOf("between-web");
    await kubectl("annotate", "-n", "between", "deployment", "web", "seen=yes");
    expect(happened(await all(applyPlan(prunes, { prune: true })))).toEqual([
      "pruned Deployment between/web",
    ]);
  });
});

describe("two platforms", () => {
  test("that have one namespace each say their own, and neither takes back the other's", async () => {
    const [one, two] = [namespace("shared", { tier: "one" }), namespace("shared")];
    await applied(cluster, { name: "shared-one", resources: [one] });
    const { plan } = await applied(cluster, { name: "shared-two", resources: [two] });
    expect(actions(plan)).toEqual([]);
    expect((await live(plane, "/api/v1/namespaces/shared")).metadata.labels.tier).toBe("one");
    const other = await planOf("shared-two", namespace("shared", { tier: "two" }));
    expect(other.items[0]).toMatchObject({
      conflicts: [{ path: "metadata.labels.tier", manager: "ashlar/shared-one" }],
    });
    expect(actions(await planOf("shared-one", one))).toEqual([]);
  });

  test("do not take an object from each other by another version of its kind", async () => {
    const group = "versions.test";
    const v1 = definition(group);
    const spec = v1.spec as {
      readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
    };
    const v2 = {
      ...v1,
      spec: { ...spec, versions: [...spec.versions, { ...spec.versions[0]!, name: "v2", storage: false }] },
    };
    const newer = { ...thing(group, "default/version", { size: 2 }), apiVersion: `${group}/v2` };
    await applied(cluster, { name: "version-one", resources: [v1, thing(group, "default/version")] });
    const theirs = await planOf("version-two", v2, newer);
    expect(theirs.items.find(({ ref }) => ref.kind === "Thing")?.conflicts).toEqual([
      { path: "metadata.labels[applyset.kubernetes.io/part-of]", manager: "another platform" },
    ]);
    // Its own platform may, and the plan says that it changes.
    const own = await applied(cluster, { name: "version-one", resources: [v2, newer] });
    expect(actions(own.plan).sort()).toEqual([
      "change CustomResourceDefinition things.versions.test",
      "change Thing default/version",
    ]);
    expect(own.summary).toMatchObject({ created: 0, changed: 2, left: 0 });
    expect((await live(plane, `/apis/${group}/v2/namespaces/default/things/version`)).spec).toEqual({
      size: 2,
    });
  });
});

describe("an object that finalizers hold", () => {
  const held = (name: string): Resource => {
    const made = configMap(`held/${name}`);
    return { ...made, metadata: { ...made.metadata, finalizers: ["held.test/finalizer"] } };
  };
  const release = (name: string) =>
    kubectl("patch", "-n", "held", "configmap", name, "--type=merge", '-p={"metadata":{"finalizers":null}}');

  beforeAll(() => applied(cluster, { name: "held-space", resources: [namespace("held")] }));

  test("on its way out is not as the platform says, and is made anew when it is gone", async () => {
    const desired = { name: "held-one", resources: [held("one")] };
    await applied(cluster, desired);
    await kubectl("delete", "-n", "held", "configmap", "one", "--wait=false");
    const { plan, summary } = await applied(cluster, desired);
    expect(plan.items[0]?.refusal).toEqual({
      reason: "BeingDeleted",
      message: "it is being deleted, and held by its finalizers: held.test/finalizer",
    });
    expect(summary).toMatchObject({ unchanged: 0, left: 1 });
    await release("one");
    expect((await applied(cluster, desired)).summary).toMatchObject({ created: 1, left: 0 });
  });

  test("is pruned when it is gone, and not before", { timeout: 60_000 }, async () => {
    await applied(cluster, { name: "held-two", resources: [held("two"), configMap("held/stays")] });
    const desired = { name: "held-two", resources: [configMap("held/stays")] };
    const { events, summary } = await applied(cluster, desired, { prune: true });
    expect(happened(events)).toEqual(["failed ConfigMap held/two"]);
    expect(summary).toMatchObject({ pruned: 0, left: 1 });
    expect(actions(await planObjects(cluster, desired))).toEqual(["prune ConfigMap held/two"]);
    const ending = applied(cluster, desired, { prune: true });
    setTimeout(() => void release("two"), 1000);
    expect((await ending).summary).toMatchObject({ pruned: 1, left: 0 });
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });
});

describe("values of Secrets", () => {
  const CANARY = "canary-between-5d2e77";
  const secret = (name: string, fields: object): Resource => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "values" },
    ...fields,
  });

  beforeAll(() => applied(cluster, { name: "values-space", resources: [namespace("values")] }));

  test("that a patch sets are in no inventory, and the patch is taken back", async () => {
    await kubectlApply(plane.kubeconfig, [secret("theirs", { stringData: { theirs: "kept" } })]);
    const patches = [patch("Secret", "values/theirs", { stringData: { ours: CANARY } })];
    const { summary } = await applied(cluster, { name: "values-patch", resources: [], patches });
    expect(summary).toMatchObject({ changed: 1, left: 0 });
    const base64 = Buffer.from(CANARY).toString("base64");
    const there = async () => (await live(plane, core("values", "secrets", "theirs"))).data;
    expect((await there()).ours).toBe(base64);
    const inventory = JSON.stringify(await live(plane, core("default", "configmaps", "ashlar-values-patch")));
    expect(inventory).toContain("theirs");
    for (const text of [CANARY, base64]) expect(inventory).not.toContain(text);
    await applied(cluster, { name: "values-patch", resources: [] });
    expect(Object.keys(await there())).toEqual(["theirs"]);
  });

  test("given as text go when the platform has them no more, and are not overwritten when others change them", async () => {
    const of = (stringData: object) => ({ name: "values-text", resources: [secret("text", { stringData })] });
    const keys = async () => Object.keys((await live(plane, core("values", "secrets", "text"))).data);
    await applied(cluster, of({ a: "1", b: "2" }));
    expect(await keys()).toEqual(["a", "b"]);
    await applied(cluster, of({ a: "1" }));
    expect(await keys()).toEqual(["a"]);
    await kubectl("patch", "-n", "values", "secret", "text", '-p={"stringData":{"a":"other"}}');
    expect((await planObjects(cluster, of({ a: "1" }))).items[0]?.conflicts).toMatchObject([
      { path: "data.a" },
    ]);
  });

  test("are in no refusal, whatever they are", async () => {
    const { plan } = await applied(cluster, {
      name: "values-wrong",
      resources: [secret("wrong", { stringData: { pin: 90817263 } })],
    });
    expect(plan.items[0]?.refusal?.message).toMatch(/\.stringData\.pin: expected string$/);
    expect(JSON.stringify(plan)).not.toContain("90817263");
  });
});

test("what is given up and stays, since who made it owns it too, is told", async () => {
  const containers = ["main", "side"].map((name) => ({ name, image: "registry.test/app:1" }));
  const of = (count: number) =>
    workload("Deployment", "default/handed", {
      spec: { replicas: 0 },
      pod: { containers: containers.slice(0, count) },
    });
  await kubectlApply(plane.kubeconfig, [of(2)]);
  await applied(cluster, { name: "handed", resources: [of(2)] });
  const plan = await planOf("handed", of(1));
  expect(plan.items[0]?.notes).toEqual([
    'spec.template.spec.containers[name="side"] is given up, and stays: kubectl-client-side-apply owns it too',
  ]);
});
