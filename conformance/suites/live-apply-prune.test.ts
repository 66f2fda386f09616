import type { Resource, Sealed } from "@ashlar/core";
import { applyPlan, type Cluster, planObjects } from "@ashlar/core/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlOutput } from "../components/run-kubectl.ts";
import { configMap, definition, namespace, patch, service, thing, workload } from "../live-apply/objects.ts";
import { actions, all, applied, connected, happened, live } from "../live-apply/run.ts";
import { kubectlApply } from "../live-apply/twins.ts";

const PART_OF = "applyset.kubernetes.io/part-of";
const TOOLING = "applyset.kubernetes.io/tooling";
const GROUP_KINDS = "applyset.kubernetes.io/contains-group-kinds";

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

const kubectl = (...args: string[]) => kubectlOutput(args, plane.kubeconfig);
const inventory = (name: string) => live(plane, `/api/v1/namespaces/default/configmaps/ashlar-${name}`);
const exists = async (path: string) => (await plane.get(path)).code === 200;
const configMapAt = (space: string, name: string) => `/api/v1/namespaces/${space}/configmaps/${name}`;

const password: Sealed = {
  metadata: { name: "password", namespace: "kinds" },
  type: "Opaque",
  values: { password: { from: "generated", bytes: 12 } },
  data: ({ password: text }) => ({ password: text! }),
  keys: ["password"],
};

describe("what a platform has no more", () => {
  const group = "kinds.test";
  const volume = (name: string): Resource => ({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: { capacity: { storage: "1Mi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/srv" } },
  });
  const claim = (place: [string, string]): Resource => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { namespace: place[0], name: place[1] },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
  });
  const role: Resource = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: { namespace: "kinds", name: "reader" },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  };
  const first = [
    namespace("kinds"),
    namespace("kinds-too"),
    definition(group),
    volume("kinds-volume"),
    claim(["kinds", "claim"]),
    thing(group, "kinds/thing"),
    role,
    configMap("kinds/stays"),
    configMap("kinds-too/goes"),
    service("kinds/web"),
    workload("Deployment", "kinds/web"),
  ];
  const goes = [
    "Deployment kinds/web",
    "Role kinds/reader",
    "Secret kinds/password",
    "Service kinds/web",
    "Thing kinds/thing",
    "ConfigMap kinds-too/goes",
  ].sort();
  const name = "kinds";
  const last = { name, resources: [configMap("kinds/stays")] };

  test("is listed and left, then removed when asked for: never namespaces, volumes, claims and definitions", async () => {
    await applied(cluster, { name, resources: first, sealed: [password] });
    const kinds = (await inventory(name)).metadata.annotations?.[GROUP_KINDS];
    expect(kinds).toBe(
      "ConfigMap,Deployment.apps,Role.rbac.authorization.k8s.io,Secret,Service,Thing.kinds.test",
    );
    const left = await applied(cluster, last);
    expect(actions(left.plan).sort()).toEqual(goes.map((what) => `prune ${what}`));
    expect(left.summary).toMatchObject({ pruned: 0, left: 0 });
    const more = { ...last, resources: [...last.resources, configMap("kinds/more")] };
    // A change that removes nothing forgets nothing.
    await applied(cluster, more);
    const { plan, events, summary } = await applied(cluster, more, { prune: true });
    expect(actions(plan).sort()).toEqual(goes.map((what) => `prune ${what}`));
    expect(happened(events).sort()).toEqual(goes.map((what) => `pruned ${what}`));
    expect(summary.pruned).toBe(6);
    for (const path of [
      "/api/v1/namespaces/kinds",
      "/api/v1/namespaces/kinds-too",
      "/api/v1/persistentvolumes/kinds-volume",
      "/api/v1/namespaces/kinds/persistentvolumeclaims/claim",
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things.${group}`,
      configMapAt("kinds", "stays"),
    ])
      expect([path, await exists(path)]).toEqual([path, true]);
    for (const path of [
      configMapAt("kinds-too", "goes"),
      "/api/v1/namespaces/kinds/secrets/password",
      "/apis/apps/v1/namespaces/kinds/deployments/web",
      `/apis/${group}/v1/namespaces/kinds/things/thing`,
    ])
      expect([path, await exists(path)]).toEqual([path, false]);
    expect((await inventory(name)).metadata.annotations?.[GROUP_KINDS]).toBe("ConfigMap");
    expect(actions(await planObjects(cluster, more))).toEqual([]);
  });
});

describe("never removed is", () => {
  const name = "kept";
  const resources = [
    namespace("kept"),
    configMap("kept/first"),
    configMap("kept/given"),
    service("kept/web"),
  ];
  const slice: Resource = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { namespace: "kept", name: "outside", labels: { "kubernetes.io/service-name": "outside" } },
    addressType: "IPv4",
    endpoints: [{ addresses: ["192.0.2.1"] }],
    ports: [{ port: 80 }],
  };
  const pruned = async (desired: Parameters<typeof planObjects>[1]) => {
    const { plan } = await applied(cluster, desired, { prune: true });
    return actions(plan).filter((line) => line.startsWith("prune"));
  };

  test("what is given; what others labelled; what controllers gave a copy of the label", async () => {
    await applied(cluster, { name, resources: [...resources, slice] });
    const id = (await live(plane, configMapAt("kept", "first"))).metadata.labels![PART_OF]!;
    await plane.create({
      ...configMap("kept/copied"),
      metadata: { namespace: "kept", name: "copied", labels: { [PART_OF]: id } },
    });
    const slices = async () => {
      const { items } = (await live(
        plane,
        "/apis/discovery.k8s.io/v1/namespaces/kept/endpointslices",
      )) as unknown as { items: Resource[] };
      return items
        .filter(({ metadata }) => metadata.labels?.[PART_OF] === id)
        .map(({ metadata }) => metadata.name);
    };
    await expect.poll(async () => (await slices()).length, { timeout: 10_000 }).toBe(2);
    const given = [configMap("kept/given")];
    expect(await pruned({ name, resources: [namespace("kept"), service("kept/web")], given })).toEqual([
      "prune ConfigMap kept/first",
      "prune EndpointSlice kept/outside",
    ]);
    expect(await slices()).toEqual([expect.stringMatching(/^web-/)]);
    for (const left of ["given", "copied"]) expect(await exists(configMapAt("kept", left))).toBe(true);
  });

  test("what another platform applies", async () => {
    await plane.create(namespace("shared"));
    await applied(cluster, {
      name: "one",
      resources: [configMap("shared/of-one"), configMap("shared/of-one-too")],
    });
    await applied(cluster, {
      name: "two",
      resources: [configMap("shared/of-two"), configMap("shared/of-two-too")],
    });
    expect(await pruned({ name: "one", resources: [configMap("shared/of-one")] })).toEqual([
      "prune ConfigMap shared/of-one-too",
    ]);
    expect(await exists(configMapAt("shared", "of-two-too"))).toBe(true);
  });

  test("what somebody makes anew between the plan and the apply", async () => {
    const space = "anew";
    await applied(cluster, {
      name: space,
      resources: [namespace(space), configMap(`${space}/words`), configMap(`${space}/stays`)],
    });
    const plan = await planObjects(cluster, {
      name: space,
      resources: [namespace(space), configMap(`${space}/stays`)],
    });
    expect(actions(plan)).toEqual([`prune ConfigMap ${space}/words`]);
    await kubectl("delete", "configmap", "words", "-n", space);
    await plane.create(configMap(`${space}/words`, { theirs: "1" }));
    await all(applyPlan(plan, { prune: true }));
    expect((await live(plane, configMapAt(space, "words"))).data).toEqual({ theirs: "1" });
  });
});

describe("an object that is of another platform already", () => {
  test("is named as a conflict, and taken when that is asked for", async () => {
    await plane.create(namespace("moved"));
    const resources = [configMap("moved/words")];
    await applied(cluster, { name: "from", resources });
    const { plan, summary } = await applied(cluster, { name: "to", resources });
    expect(actions(plan)).toEqual(["change ConfigMap moved/words in conflict"]);
    expect(plan.items[0]?.conflicts).toEqual([
      { path: `metadata.labels[${PART_OF}]`, manager: "another platform" },
    ]);
    expect(summary.left).toBe(1);
    const forced = await applied(cluster, { name: "to", resources }, { forceConflicts: () => true });
    expect(happened(forced.events)).toEqual(["changed ConfigMap moved/words"]);
    // The one that had it neither removes it nor takes it back.
    const { plan: old } = await applied(cluster, { name: "from", resources: [] }, { prune: true });
    expect(actions(old)).toEqual([]);
    expect(await exists(configMapAt("moved", "words"))).toBe(true);
  });
});

test("a patch for an object of another platform takes nothing of it, and is not undone by it", async () => {
  await plane.create(namespace("patched"));
  const words = configMapAt("patched", "words");
  const owner = { name: "owner", resources: [configMap("patched/words", { theirs: "1" })] };
  const patching = (data: object) => ({
    name: "patcher",
    resources: [],
    patches: [patch("ConfigMap", "patched/words", { data })],
  });
  await applied(cluster, owner);
  const { plan } = await applied(cluster, patching({ theirs: "2" }));
  expect(actions(plan)).toEqual(["change ConfigMap patched/words in conflict"]);
  expect(plan.items[0]?.conflicts).toEqual([{ path: "data.theirs", manager: "ashlar" }]);
  await applied(cluster, patching({ ours: "1" }));
  for (const desired of [owner, patching({ ours: "1" })])
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  expect((await live(plane, words)).data).toEqual({ theirs: "1", ours: "1" });
  await applied(cluster, { name: "patcher", resources: [] });
  expect((await live(plane, words)).data).toEqual({ theirs: "1" });
  expect(actions(await planObjects(cluster, owner))).toEqual([]);
});

describe("the inventory, read by a real kubectl", () => {
  const name = "kubectl";
  const space = "with-kubectl";
  const resources = [
    namespace(space),
    configMap(`${space}/one`),
    configMap("default/kubectl-stays"),
    service(`${space}/web`),
  ];
  const prune = (objects: readonly Resource[], ...args: string[]) =>
    kubectlApply(
      plane.kubeconfig,
      objects,
      "-n",
      "default",
      "--prune",
      `--applyset=configmaps/ashlar-${name}`,
      "--server-side",
      ...args,
    );

  beforeAll(async () => {
    process.env.KUBECTL_APPLYSET = "true";
    await applied(cluster, { name, resources });
  });
  afterAll(() => {
    delete process.env.KUBECTL_APPLYSET;
  });

  test("is not touched while it is ours", async () => {
    const said = await prune([configMap("default/kubectl-stays")], "--force-conflicts");
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/managed by tooling "ashlar" instead of "kubectl"/);
    expect(await exists(configMapAt(space, "one"))).toBe(true);
  });

  test("is its own when it is handed over: the same id, kinds, namespaces and members", async () => {
    await kubectl("annotate", "configmap", `ashlar-${name}`, `${TOOLING}=kubectl/v1.35`, "--overwrite");
    await expect(planObjects(cluster, { name, resources })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("kubectl/v1.35 applies it"),
    });
    const said = await prune([configMap("default/kubectl-stays")], "--force-conflicts");
    expect(said.code).toBe(0);
    expect(said.out).toMatch(/configmap\/kubectl-stays serverside-applied/);
    expect(said.out).toMatch(/configmap\/one pruned/);
    expect(said.out).toMatch(/service\/web pruned/);
    expect(said.out.match(/pruned/g)).toHaveLength(2);
    expect(await exists(`/api/v1/namespaces/${space}`)).toBe(true);
    await kubectl(
      "label",
      "configmap",
      `ashlar-${name}`,
      "applyset.kubernetes.io/id=applyset-wrong-v1",
      "--overwrite",
    );
    expect((await prune([configMap("default/kubectl-stays")], "--force-conflicts")).err).toMatch(
      /applyset\.kubernetes\.io\/id/,
    );
  });
});
