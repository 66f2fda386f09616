import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Resource } from "@ashlar/core";
import { applyPlan, type Cluster, planObjects } from "@ashlar/core/live";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { admissionWebhook } from "../components/admission-webhook.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { helmProgram } from "../components/helm.ts";
import { kubectlOutput } from "../components/run-kubectl.ts";
import { terminatingNamespace } from "../components/terminating-namespace.ts";
import { configMap, definition, namespace, patch, service, thing, workload } from "../live-apply/objects.ts";
import { actions, all, applied, connected, happened, live, summaryOf } from "../live-apply/run.ts";
import { inFolder, kubectlApply, substance } from "../live-apply/twins.ts";

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true, audit: true });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

const kubectl = (...args: string[]) => kubectlOutput(args, plane.kubeconfig);

describe("a change", () => {
  const app = (container: object, ports: readonly object[], data: Record<string, string>) => [
    namespace("changes"),
    configMap("changes/words", data),
    service("changes/web", ports),
    workload("Deployment", "changes/web", { container }),
  ];
  const env = (...names: string[]) => names.map((name) => ({ name, value: name.toLowerCase() }));
  const [http, admin] = [80, 81].map((port) => ({ name: `p${port}`, port })) as [object, object];

  test("of a field is made, a field that is gone goes, and items come and go by their keys", async () => {
    const name = "changes";
    await applied(cluster, {
      name,
      resources: app({ env: env("A", "B"), workingDir: "/srv" }, [http], { a: "1", b: "2" }),
    });
    const { plan, summary } = await applied(cluster, {
      name,
      resources: app({ env: env("B", "C") }, [http, admin], { b: "3", c: "4" }),
    });
    expect(summary).toMatchObject({ created: 0, changed: 3, unchanged: 1, left: 0 });
    const fields = Object.fromEntries(plan.items.map(({ ref, fields: f }) => [ref.kind, f]));
    expect(fields.ConfigMap).toEqual([
      { path: "data.a", before: "1" },
      { path: "data.b", before: "2", after: "3" },
      { path: "data.c", after: "4" },
    ]);
    expect((await live(plane, "/api/v1/namespaces/changes/configmaps/words")).data).toEqual({
      b: "3",
      c: "4",
    });
    const spec = await live(plane, "/apis/apps/v1/namespaces/changes/deployments/web");
    const [main] = (spec.spec as { template: { spec: { containers: Resource[] } } }).template.spec.containers;
    expect(main).toMatchObject({ env: env("B", "C") });
    expect(main).not.toHaveProperty("workingDir");
    const { ports } = (await live(plane, "/api/v1/namespaces/changes/services/web")).spec as {
      ports: { port: number }[];
    };
    expect(ports.map(({ port }) => port)).toEqual([80, 81]);
  });
});

describe("what others do to our objects", () => {
  const before = (space: string) => [
    configMap(`${space}/words`, { ours: "1", other: "1" }),
    service(`${space}/web`, [{ name: "http", port: 80 }]),
    workload("Deployment", `${space}/web`, {
      spec: { replicas: 2 },
      container: { env: [{ name: "A", value: "1" }] },
    }),
  ];
  const cases: Readonly<Record<string, (space: string) => readonly string[]>> = {
    "a field of ours, patched": (s) => [
      "patch",
      "configmap",
      "words",
      "-n",
      s,
      "-p",
      '{"data":{"ours":"2"}}',
    ],
    "a field of ours, taken away": (s) => [
      "patch",
      "configmap",
      "words",
      "-n",
      s,
      "--type=json",
      "-p",
      '[{"op":"remove","path":"/data/ours"}]',
    ],
    "a field of their own": (s) => ["patch", "configmap", "words", "-n", s, "-p", '{"data":{"theirs":"2"}}'],
    "a label and an annotation of their own": (s) => ["label", "deployment", "web", "-n", s, "team=them"],
    scaled: (s) => ["scale", "deployment", "web", "-n", s, "--replicas=5"],
    "an image, set": (s) => ["set", "image", "deployment/web", "-n", s, "main=registry.test/app:2"],
    "a variable added": (s) => ["set", "env", "deployment/web", "-n", s, "B=2"],
    "a variable of ours, set": (s) => ["set", "env", "deployment/web", "-n", s, "A=2"],
    "a port added": (s) => [
      "patch",
      "service",
      "web",
      "-n",
      s,
      "-p",
      '{"spec":{"ports":[{"name":"more","port":81}]}}',
    ],
    "the same value written by another": (s) => [
      "patch",
      "configmap",
      "words",
      "-n",
      s,
      "--field-manager=them",
      "-p",
      '{"data":{"ours":"1"}}',
    ],
    "the whole object, removed": (s) => ["delete", "configmap", "words", "-n", s],
  };

  test.each(Object.entries(cases))("%s: as after kubectl apply --server-side", async (title, change) => {
    const id = Object.keys(cases).indexOf(title);
    const [ours, theirs] = [`drift-a${id}`, `drift-k${id}`];
    for (const space of [ours, theirs]) await plane.create(namespace(space));
    await applied(cluster, { name: ours, resources: before(ours) });
    await kubectlApply(plane.kubeconfig, before(theirs), "--server-side");
    for (const space of [ours, theirs]) await kubectl(...change(space));
    const said = await kubectlApply(plane.kubeconfig, before(theirs), "--server-side");
    const { plan, events } = await applied(cluster, { name: ours, resources: before(ours) });
    const conflicts = plan.items.flatMap((item) => item.conflicts.map(({ path }) => path));
    expect(conflicts.sort()).toEqual(said.conflicts);
    expect(summaryOf(events).left > 0).toBe(said.code !== 0);
    for (const path of [
      "/api/v1/namespaces/NS/configmaps/words",
      "/api/v1/namespaces/NS/services/web",
      "/apis/apps/v1/namespaces/NS/deployments/web",
    ]) {
      const [a, k] = await Promise.all([ours, theirs].map((space) => live(plane, path.replace("NS", space))));
      expect(substance(a!)).toEqual(substance(k!));
    }
    // And what was not ours to revert stays: nothing is left to do but what is in conflict.
    const again = await planObjects(cluster, { name: ours, resources: before(ours) });
    expect(actions(again)).toEqual(actions(plan).filter((line) => line.endsWith("in conflict")));
  });
});

describe("objects that others made", () => {
  const made = (space: string, word: string, replicas: number) => [
    configMap(`${space}/words`, { word, same: "1" }),
    workload("Deployment", `${space}/web`, { spec: { replicas } }),
  ];
  const chart = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "objects.yaml": "",
  };
  const makers: Readonly<
    Record<string, { readonly manager: RegExp; readonly make: (space: string) => Promise<void> }>
  > = {
    "kubectl create": {
      manager: /^kubectl-create$/,
      make: (space) => inFile(made(space, "one", 2), (file) => kubectl("create", "-f", file)),
    },
    "kubectl apply": {
      manager: /^kubectl-client-side-apply$/,
      make: (space) => inFile(made(space, "one", 2), (file) => kubectl("apply", "-f", file)),
    },
    "helm install": { manager: /^helm$/, make: (space) => helmInstall(space, []) },
    "helm install, the client's way": {
      manager: /^helm$/,
      make: (space) => helmInstall(space, ["--server-side=false"]),
    },
  };

  async function inFile(
    objects: readonly Resource[],
    work: (file: string) => Promise<unknown>,
  ): Promise<void> {
    const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    await inFolder({ "objects.json": text }, (folder) => work(join(folder, "objects.json")));
  }

  async function helmInstall(space: string, args: readonly string[]): Promise<void> {
    const text = made(space, "one", 2)
      .map((object) => JSON.stringify(object))
      .join("\n---\n");
    await inFolder({ "Chart.yaml": chart["Chart.yaml"] }, async (folder) => {
      await mkdir(join(folder, "templates"));
      await writeFile(join(folder, "templates", "objects.yaml"), text);
      const env = {
        ...process.env,
        KUBECONFIG: plane.kubeconfig,
        HELM_CONFIG_HOME: folder,
        HELM_CACHE_HOME: folder,
        HELM_DATA_HOME: folder,
      };
      await promisify(execFile)(await helmProgram(), ["install", "shop", folder, "-n", space, ...args], {
        env,
      });
    });
  }

  test.each(Object.entries(makers))(
    "%s: taken over where equal, named field by field where not",
    async (title, { manager, make }) => {
      const space = `adopt-${Object.keys(makers).indexOf(title)}`;
      await plane.create(namespace(space));
      await make(space);
      // The controller of Deployments writes an annotation of its own.
      const web = `/apis/apps/v1/namespaces/${space}/deployments/web`;
      const revision = async () =>
        (await live(plane, web)).metadata.annotations?.["deployment.kubernetes.io/revision"];
      await expect.poll(revision, { timeout: 10_000 }).toBe("1");
      const equal = await planObjects(cluster, { name: space, resources: made(space, "one", 2) });
      expect(actions(equal)).toEqual([`change ConfigMap ${space}/words`, `change Deployment ${space}/web`]);
      for (const { adoptedFrom = [], fields } of equal.items) {
        expect(
          adoptedFrom.some((name) => manager.test(name)),
          adoptedFrom.join(),
        ).toBe(true);
        // Our label is all that is new.
        expect(fields).toEqual([
          expect.objectContaining({ path: expect.stringMatching(/^metadata\.labels/) }),
        ]);
      }
      const different = { name: space, resources: [...made(space, "two", 2), configMap(`${space}/more`)] };
      const { plan, events, summary } = await applied(cluster, different);
      expect(plan.items.flatMap(({ conflicts }) => conflicts)).toEqual([
        { path: "data.word", manager: expect.stringMatching(manager) },
      ]);
      expect(happened(events).sort()).toEqual([
        `changed Deployment ${space}/web`,
        `created ConfigMap ${space}/more`,
        `failed ConfigMap ${space}/words`,
      ]);
      expect(summary.left).toBe(1);
      const words = `/api/v1/namespaces/${space}/configmaps/words`;
      expect((await live(plane, words)).data).toEqual({ word: "one", same: "1" });
      const forced = await applied(cluster, different, { forceConflicts: ({ name }) => name === "words" });
      expect(happened(forced.events)).toEqual([`changed ConfigMap ${space}/words`]);
      expect((await live(plane, words)).data).toEqual({ word: "two", same: "1" });
      expect(actions(await planObjects(cluster, different))).toEqual([]);
    },
  );
});

describe("patches", () => {
  const name = "patches";
  const pullSecret = { imagePullSecrets: [{ name: "ours" }] };
  const SYSTEM = "/api/v1/namespaces/kube-system";
  const metadata = async (path: string) => (await live(plane, path)).metadata;

  test("leave what others have there, and take back what they added alone", async () => {
    const space = "patched";
    await plane.create(namespace(space));
    await plane.create(configMap(`${space}/settings`, { theirs: "1", both: "1" }));
    await kubectl(
      "patch",
      "serviceaccount",
      "default",
      "-n",
      space,
      "-p",
      '{"imagePullSecrets":[{"name":"theirs"}]}',
    );
    await kubectl("label", "namespace", "kube-system", "theirs=1");
    const account = `/api/v1/namespaces/${space}/serviceaccounts/default`;
    const settings = `/api/v1/namespaces/${space}/configmaps/settings`;
    const system = await metadata(SYSTEM);
    const patches = [
      patch("Namespace", "kube-system", {}, { ours: "1" }),
      patch("ServiceAccount", `${space}/default`, pullSecret),
      patch("ConfigMap", `${space}/settings`, { data: { ours: "1" } }),
    ];
    const { events } = await applied(
      cluster,
      { name, resources: [], patches },
      { forceConflicts: ({ kind }) => kind === "ServiceAccount" },
    );
    expect(happened(events).sort()).toEqual([
      `changed ConfigMap ${space}/settings`,
      "changed Namespace kube-system",
      `changed ServiceAccount ${space}/default`,
    ]);
    expect((await live(plane, account)).imagePullSecrets).toEqual([{ name: "theirs" }, { name: "ours" }]);
    expect((await live(plane, settings)).data).toEqual({ theirs: "1", both: "1", ours: "1" });
    expect((await metadata(SYSTEM)).labels).toEqual({ ...system.labels, ours: "1" });
    expect(actions(await planObjects(cluster, { name, resources: [], patches }))).toEqual([]);
    // Others go on working on what is theirs.
    await kubectl("label", "namespace", "kube-system", "theirs=2", "--overwrite");
    const { plan } = await applied(cluster, { name, resources: [] });
    expect(actions(plan).sort()).toEqual([
      `withdraw ConfigMap ${space}/settings`,
      "withdraw Namespace kube-system",
      `withdraw ServiceAccount ${space}/default`,
    ]);
    expect((await live(plane, account)).imagePullSecrets).toEqual([{ name: "theirs" }]);
    expect((await live(plane, settings)).data).toEqual({ theirs: "1", both: "1" });
    expect((await metadata(SYSTEM)).labels).toEqual({ ...system.labels, theirs: "2" });
    for (const path of [SYSTEM, settings])
      expect(JSON.stringify((await metadata(path)).managedFields)).not.toContain('"ashlar-patches"');
    expect(actions(await planObjects(cluster, { name, resources: [] }))).toEqual([]);
  });

  test("of two platforms on one object stay, and each is taken back alone", async () => {
    const space = "patched-twice";
    await plane.create(namespace(space));
    await plane.create(configMap(`${space}/settings`, { theirs: "1" }));
    const account = `/api/v1/namespaces/${space}/serviceaccounts/default`;
    const settings = `/api/v1/namespaces/${space}/configmaps/settings`;
    await vi.waitFor(async () => expect((await plane.get(account)).code).toBe(200), { timeout: 10_000 });
    const of = (word: string) => ({
      name: `patches-${word}`,
      resources: [],
      patches: [
        patch("ConfigMap", `${space}/settings`, { data: { [word]: "1", both: "1" } }),
        patch("ServiceAccount", `${space}/default`, { imagePullSecrets: [{ name: word }] }),
      ],
    });
    const secrets = async () => (await live(plane, account)).imagePullSecrets;
    const data = async () => (await live(plane, settings)).data;
    await applied(cluster, of("one"));
    const { summary } = await applied(cluster, of("two"));
    expect(summary).toMatchObject({ changed: 2, left: 0 });
    for (const word of ["one", "two"]) {
      const again = await applied(cluster, of(word));
      expect(again.summary).toMatchObject({ left: 0 });
      expect(await data()).toEqual({ theirs: "1", one: "1", two: "1", both: "1" });
      expect(await secrets()).toEqual([{ name: "one" }, { name: "two" }]);
    }
    for (const word of ["one", "two"]) expect(actions(await planObjects(cluster, of(word)))).toEqual([]);
    await applied(cluster, { name: "patches-one", resources: [] });
    expect(await data()).toEqual({ theirs: "1", two: "1", both: "1" });
    expect(await secrets()).toEqual([{ name: "two" }]);
    await applied(cluster, { name: "patches-two", resources: [] });
    expect(await data()).toEqual({ theirs: "1" });
    expect((await secrets()) ?? []).toEqual([]);
  });

  test("of what the platform then applies itself, or applied before, are no conflict with itself", async () => {
    const settings = "/api/v1/namespaces/default/configmaps/taken";
    const name = "patches-taken";
    const patching = {
      name,
      resources: [],
      patches: [patch("ConfigMap", "default/taken", { data: { word: "1", gone: "1" } })],
    };
    const applying = { name, resources: [configMap("default/taken", { word: "2" })] };
    const data = async () => (await live(plane, settings)).data;
    await plane.create(configMap("default/taken", { theirs: "1" }));
    await applied(cluster, patching);
    expect(await data()).toEqual({ theirs: "1", word: "1", gone: "1" });
    const { summary } = await applied(cluster, applying);
    expect(summary.left).toBe(0);
    expect(await data()).toEqual({ theirs: "1", word: "2" });
    expect(actions(await planObjects(cluster, applying))).toEqual([]);
    expect((await applied(cluster, patching)).summary.left).toBe(0);
    expect(await data()).toEqual({ theirs: "1", word: "1", gone: "1" });
    expect(actions(await planObjects(cluster, patching))).toEqual([]);
  });

  test("wait for a ServiceAccount that a controller makes in a namespace of the same plan", async () => {
    const patches = [patch("ServiceAccount", "patched-new/default", pullSecret)];
    const desired = { name: "patches-new", resources: [namespace("patched-new")], patches };
    const { events } = await applied(cluster, desired);
    expect(happened(events)).toEqual([
      "created Namespace patched-new",
      "changed ServiceAccount patched-new/default",
    ]);
    const account = await live(plane, "/api/v1/namespaces/patched-new/serviceaccounts/default");
    expect(account.imagePullSecrets).toEqual([{ name: "ours" }]);
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });

  test("make no target: one that is not there is refused", async () => {
    const patches = [
      patch("ConfigMap", "default/absent", { data: { ours: "1" } }),
      patch("Namespace", "absent", {}, { ours: "1" }),
    ];
    const { plan, summary } = await applied(cluster, { name: "patches-absent", resources: [], patches });
    expect(actions(plan).sort()).toEqual([
      "change ConfigMap default/absent refused: NotFound",
      "change Namespace absent refused: NotFound",
    ]);
    expect(summary.left).toBe(2);
    expect((await plane.get("/api/v1/namespaces/default/configmaps/absent")).code).toBe(404);
    expect((await plane.get("/api/v1/namespaces/absent")).code).toBe(404);
  });

  test("that go between plan and apply make nothing either", async () => {
    await plane.create(configMap("default/goes"));
    const plan = await planObjects(cluster, {
      name: "patches-gone",
      resources: [],
      patches: [patch("ConfigMap", "default/goes", { data: { ours: "1" } })],
    });
    await kubectl("delete", "configmap", "goes");
    const events = await all(applyPlan(plan));
    expect(happened(events)).toEqual(["failed ConfigMap default/goes"]);
    expect((await plane.get("/api/v1/namespaces/default/configmaps/goes")).code).toBe(404);
  });
});

describe("what cannot be done", () => {
  test("a definition is established before its objects are made, in one apply", async () => {
    const group = "established.test";
    const desired = {
      name: "established",
      resources: [
        thing(group, "established/one"),
        namespace("established"),
        definition(group),
        thing(group, "established/two"),
      ],
    };
    const { events } = await applied(cluster, desired);
    expect(happened(events).sort()).toEqual([
      `created CustomResourceDefinition things.${group}`,
      "created Namespace established",
      "created Thing established/one",
      "created Thing established/two",
    ]);
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });

  test("a namespace that is ending takes nothing, and the others are applied; then it is whole", async () => {
    const held = await terminatingNamespace(plane, "ending");
    const desired = {
      name: "ending",
      resources: [namespace("ending"), configMap("ending/words"), configMap("default/beside-ending")],
    };
    const { plan, events, summary } = await applied(cluster, desired);
    expect(happened(events)).toContain("created ConfigMap default/beside-ending");
    expect(summary).toMatchObject({ created: 1 });
    expect(summary.left).toBeGreaterThan(0);
    const refusal = plan.items.find(({ ref }) => ref.namespace === "ending")?.refusal;
    expect(refusal?.message).toMatch(/being terminated/);
    await held.release();
    await expect
      .poll(async () => (await plane.get("/api/v1/namespaces/ending")).code, { timeout: 10_000 })
      .toBe(404);
    expect((await applied(cluster, desired)).summary).toMatchObject({ created: 2, left: 0 });
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });

  test("an object that wants another of the same plan is made after it", async () => {
    await applied(cluster, { name: "order", resources: [namespace("order")] });
    const account = {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { namespace: "order", name: "robot" },
    };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { namespace: "order", name: "worker" },
      spec: { serviceAccountName: "robot", containers: [{ name: "main", image: "registry.test/app:1" }] },
    };
    const lonely = { ...pod, metadata: { ...pod.metadata, name: "lonely" } };
    const absent = { ...lonely, spec: { ...pod.spec, serviceAccountName: "absent" } };
    const resources = [namespace("order"), pod, account, absent];
    const { plan, events, summary } = await applied(cluster, { name: "order", resources });
    expect(actions(plan).sort()).toEqual([
      "create Pod order/lonely refused: Forbidden",
      "create Pod order/worker refused: Forbidden",
      "create ServiceAccount order/robot",
    ]);
    expect(happened(events).sort()).toEqual([
      "created Pod order/worker",
      "created ServiceAccount order/robot",
      "failed Pod order/lonely",
    ]);
    expect([summary.created, summary.left]).toEqual([2, 1]);
    // What is refused for good is told each time, and nothing is written for it.
    const again = await applied(cluster, { name: "order", resources });
    expect(happened(again.events)).toEqual(["failed Pod order/lonely"]);
  });

  test("a webhook refuses one object: the others are applied, the rest when it is gone", async () => {
    const resources = [1, 2, 3].map((i) => configMap(`default/hooked-${i}`));
    const desired = { name: "hooked", resources };
    const webhook = await admissionWebhook(plane, ({ name }) =>
      name === "hooked-2" ? "not this one" : undefined,
    );
    try {
      const { events, summary } = await applied(cluster, desired);
      expect(summary).toMatchObject({ created: 2, left: 1 });
      const failed = events.find(({ type }) => type === "failed");
      expect(failed).toMatchObject({
        ref: { name: "hooked-2" },
        refusal: { message: expect.stringContaining("not this one") },
      });
    } finally {
      await webhook.close();
    }
    await expect
      .poll(async () => (await applied(cluster, desired)).summary.left, { timeout: 10_000 })
      .toBe(0);
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });
});
