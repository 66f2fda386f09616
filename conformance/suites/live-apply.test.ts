import { type Resource, seal } from "@ashlar/core";
import { type Cluster, objectsAround } from "@ashlar/core/live";
import { definePlatform, existing } from "ashlar";
import { apply, brokenClaims, type PlatformPlan, plan } from "ashlar/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { service } from "../live-apply/objects.ts";
import { asked, writes } from "../live-apply/requests.ts";
import { actions, all, connected, happened, live, summaryOf } from "../live-apply/run.ts";
import { unsaid } from "../live-apply/says.ts";
import {
  liveObject,
  prepareForStrix,
  STRIX_ENV,
  strixPlatform,
  traces,
  wantedObjects,
} from "../live-apply/strix.ts";

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ kubelet: true, audit: true });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

describe("the example", () => {
  const env = STRIX_ENV;

  beforeAll(() => prepareForStrix(plane));

  test("is in the cluster, field by field, and its workloads are ready", async () => {
    const platform = await strixPlatform();
    const planned = await plan(platform, cluster, { env });
    expect(planned.proofs.filter(({ outcome }) => outcome !== "proved")).toEqual([]);
    expect(planned.unread).toEqual([]);
    const events = await all(apply(planned, { waitSeconds: 60 }));
    expect(summaryOf(events)).toMatchObject({ left: 0, notReady: 0, unchanged: 0 });
    const missing = [];
    const wanted = wantedObjects(platform);
    expect(wanted.length).toBeGreaterThan(50);
    for (const object of wanted) {
      const fields = unsaid(object, await liveObject(plane, object));
      if (fields.length > 0) missing.push(`${object.kind} ${object.metadata.name}: ${fields.join(", ")}`);
    }
    expect(missing).toEqual([]);
    for (const sealed of platform.block.sealed ?? []) {
      const values = Object.fromEntries(
        Object.entries(sealed.values).map(([name, from]) => [
          name,
          from.from === "env" ? env[from.name as keyof typeof env] : "a".repeat(32),
        ]),
      );
      const secret = seal(sealed, values);
      const data = (await liveObject(plane, secret))?.data as Record<string, string>;
      expect(Object.keys(data).sort()).toEqual(Object.keys(secret.data as object).sort());
      if (Object.values(sealed.values).every(({ from }) => from === "env")) expect(data).toEqual(secret.data);
    }
  });

  test("is applied again without a write, a dry run or a trace", async () => {
    const platform = await strixPlatform();
    const objects = [
      ...wantedObjects(platform),
      ...(platform.block.sealed ?? []).map((sealed) => seal(sealed, stand(sealed.values))),
    ];
    const before = await traces(plane, objects);
    const lines = await asked(plane, async () => {
      const planned = await plan(platform, cluster, { env });
      expect(actions(planned.objects)).toEqual([]);
      expect(Object.values(planned.meaning).flat()).toEqual([]);
      const events = await all(apply(planned, { waitSeconds: 60 }));
      expect(happened(events)).toEqual([]);
      expect(summaryOf(events)).toMatchObject({ created: 0, changed: 0, pruned: 0, left: 0, notReady: 0 });
    });
    expect(lines.length).toBeGreaterThan(20);
    expect(writes(lines)).toEqual([]);
    expect(await traces(plane, objects)).toEqual(before);
  });
});

describe("addresses that the cluster chooses", () => {
  const ofType = (type: string, port: object) => ({
    ...service(`default/addressed-${type.toLowerCase()}`, [{ port: 80, ...port }]),
    spec: { type, selector: { app: "addressed" }, ports: [{ port: 80, ...port }] },
  });
  const chosen = [
    ofType("ClusterIP", {}),
    ofType("NodePort", {}),
    {
      ...ofType("LoadBalancer", {}),
      spec: { ...ofType("LoadBalancer", {}).spec, externalTrafficPolicy: "Local" },
    },
  ];
  const given = {
    ...service("default/addressed-given"),
    spec: { type: "NodePort", clusterIP: "10.96.77.7", ports: [{ port: 80, nodePort: 30777 }] },
  };
  const headless = {
    ...service("default/addressed-headless"),
    spec: { clusterIP: "None", ports: [{ port: 80 }] },
  };
  const platform = (resources: readonly Resource[]) =>
    definePlatform({
      name: "addressed",
      environments: { common: existing("default") },
      also: [{ resources, patches: [], documents: [], steps: [], claims: [] }],
    });
  const addressesOf = ({ metadata, spec }: Resource) => {
    const { clusterIP, healthCheckNodePort, ports } = spec as {
      clusterIP?: string;
      healthCheckNodePort?: number;
      ports: { nodePort?: number }[];
    };
    return [metadata.name.replace("addressed-", ""), clusterIP, ports[0]?.nodePort, healthCheckNodePort];
  };
  const addressesIn = (planned: PlatformPlan, before: readonly Resource[] = []) =>
    objectsAround(planned.objects, before).after.map(addressesOf);

  test("are not told before it has chosen them, and those that are given are", async () => {
    const planned = await plan(platform([...chosen, given, headless]), cluster);
    expect(addressesIn(planned)).toEqual([
      ["clusterip", undefined, undefined, undefined],
      ["given", "10.96.77.7", 30777, undefined],
      ["headless", "None", undefined, undefined],
      ["loadbalancer", undefined, undefined, undefined],
      ["nodeport", undefined, undefined, undefined],
    ]);
    expect(JSON.stringify(planned.meaning.names)).not.toContain("10.96.0.0");
    expect(summaryOf(await all(apply(planned)))).toMatchObject({ created: 5, left: 0 });
  });

  test("are what the cluster has once it has, in a change too", async () => {
    const again = await plan(platform([...chosen, given, headless]), cluster);
    expect(actions(again.objects)).toEqual([]);
    const path = "/api/v1/namespaces/default/services/addressed";
    const names = ["clusterip", "given", "headless", "loadbalancer", "nodeport"];
    const lives = await Promise.all(names.map((name) => live(plane, `${path}-${name}`)));
    const after = addressesIn(again, lives);
    expect(after).toEqual(lives.map(addressesOf));
    expect(new Set(after.map(([, address]) => address)).size).toBe(5);
    const more = chosen.map((one) => ({ ...one, spec: { ...one.spec, sessionAffinity: "ClientIP" } }));
    const changed = await plan(platform([...more, given, headless]), cluster);
    expect(actions(changed.objects)).toHaveLength(3);
    expect(addressesIn(changed, lives)).toEqual(after);
    for (const { fields } of changed.objects.items)
      expect(fields.map(({ path }) => path).join()).not.toMatch(/clusterIP|nodePort/i);
  });
});

describe("a claim that would break", () => {
  const platform = definePlatform({
    name: "promises",
    environments: { common: existing("default"), one: ["promises-one"], two: ["promises-two"] },
    firewall: "one <-> common <-> two",
    probe: { in: ["promises-one", "promises-two"] },
    expect: ["env:one -/-> env:two", "anonymous cannot read secrets in env:one"],
  });
  const NETWORK = "env:one -/-> env:two";
  const ACCESS = "anonymous cannot read secrets in env:one";
  const broken = (planned: PlatformPlan) => brokenClaims(planned).map(({ claim }) => claim.text);

  beforeAll(async () => {
    const planned = await plan(platform, cluster);
    expect(broken(planned)).toEqual([]);
    await all(apply(planned));
    const metadata = { namespace: "promises-two", name: "theirs" };
    await plane.create({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata,
      spec: { podSelector: {}, ingress: [{}] },
    });
    await plane.create({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "theirs" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:anonymous" }],
    });
    await plane.send("DELETE", "/apis/apps/v1/namespaces/promises-one/deployments/busybox");
  });

  test("by what somebody else put into the cluster ends the apply before anything is written", async () => {
    const lines = await asked(plane, async () => {
      const planned = await plan(platform, cluster);
      expect(actions(planned.objects)).toEqual(["create Deployment promises-one/busybox"]);
      expect(new Set(broken(planned))).toEqual(new Set([NETWORK, ACCESS]));
      for (const acceptBroken of [[], [NETWORK], [ACCESS], ["another claim"]])
        await expect(all(apply(planned, { acceptBroken }))).rejects.toMatchObject({
          code: "denied",
          message: expect.stringMatching(/nothing was applied: .* would not hold/),
          hint: expect.stringContaining("--accept-broken"),
        });
    });
    expect(writes(lines)).toEqual(["patch deployments promises-one/busybox (dry run)"]);
  });

  test("is accepted by its name alone", async () => {
    const planned = await plan(platform, cluster);
    const events = await all(apply(planned, { acceptBroken: [NETWORK, ACCESS] }));
    expect(happened(events)).toEqual(["created Deployment promises-one/busybox"]);
  });
});

function stand(values: object): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, "a".repeat(32)]));
}
