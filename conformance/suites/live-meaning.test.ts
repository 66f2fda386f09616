import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "@ashlar/core";
import type { Cluster } from "@ashlar/core/live";
import { formatReachChange } from "@ashlar/network-policy";
import { definePlatform, type Platform } from "ashlar";
import { apply, brokenClaims, type PlatformPlan, plan } from "ashlar/live";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runAshlar } from "../components/ashlar.ts";
import { selfSignedCertificate } from "../components/certificate.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { kubectlOutput } from "../components/run-kubectl.ts";
import { definition, service, thing, workload } from "../live-apply/objects.ts";
import { platformFile } from "../live-apply/platform-file.ts";
import { all, connected, live, summaryOf } from "../live-apply/run.ts";

// What a change means, in a cluster whose controllers have made pods and endpoints of what is there.

let plane: ControlPlane;
let cluster: Cluster;
let files: string;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true });
  cluster = await connected(plane.kubeconfig);
  files = await mkdtemp(join(tmpdir(), "ashlar-meaning-"));
});
afterAll(async () => {
  await plane?.stop();
  await rm(files, { recursive: true, force: true });
});

interface Intent {
  readonly space: string;
  readonly resources: readonly Resource[];
  readonly expect?: readonly string[];
}

const planned = ({ space, resources, expect: claims = [] }: Intent, prune = false): Promise<PlatformPlan> => {
  const intent = { name: space, environments: { shop: [space] }, expect: claims };
  const bare: Platform = definePlatform(intent as never);
  const block = { ...bare.block, resources: [...bare.block.resources, ...resources], patches: [] };
  return plan({ ...bare, block }, cluster, { prune });
};
const done = async (intent: Intent, acceptBroken: readonly string[] = []) =>
  expect(summaryOf(await all(apply(await planned(intent), { acceptBroken })))).toMatchObject({ left: 0 });
const broken = (plan: PlatformPlan) => brokenClaims(plan).map(({ claim }) => claim.text);
const opened = ({ meaning }: PlatformPlan) => meaning.network.map(formatReachChange);
const made = (space: string, kind: string, count: number) =>
  vi.waitFor(
    async () => {
      const group = kind === "endpointslices" ? "/apis/discovery.k8s.io/v1" : "/api/v1";
      const { items } = await live(plane, `${group}/namespaces/${space}/${kind}`);
      expect(items.length).toBeGreaterThanOrEqual(count);
    },
    { timeout: 20_000, interval: 200 },
  );

describe("pods of a workload that changes", () => {
  const space = "relabel";
  const closed: Resource = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "closed", namespace: space },
    spec: { podSelector: { matchLabels: { tier: "closed" } }, policyTypes: ["Ingress"] },
  };
  const claim = `${space}/web -/-> ${space}/db`;
  const of = (labels: Readonly<Record<string, string>>): Intent => ({
    space,
    resources: [
      closed,
      workload("Deployment", `${space}/web`),
      workload("Deployment", `${space}/db`, { labels }),
    ],
    expect: [claim],
  });

  test("are told as they will be, not as they are: what opens, and which claim breaks", async () => {
    await done(of({ tier: "closed" }));
    await made(space, "pods", 2);
    const opens = await planned(of({}));
    expect(broken(opens)).toEqual([claim]);
    expect(opened(opens).join("\n")).toMatch(/^opens /m);
    await done(of({}), [claim]);
    // Nothing runs here: the old pod stays until the new one is ready.
    await made(space, "pods", 3);
    // The repair is judged by what it makes, not by what it repairs.
    const closes = await planned(of({ tier: "closed" }));
    expect(broken(closes)).toEqual([]);
    expect(opened(closes).join("\n")).toMatch(/^closes /m);
  });
});

describe("what answers a URL", () => {
  const space = "edge";
  const ingress: Resource = {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "web", namespace: space },
    spec: {
      ingressClassName: "nginx",
      rules: [
        {
          host: "web.example.test",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  };
  const web = service(`${space}/web`);
  const lost = { ...web, spec: { ...(web.spec as object), selector: { app: "wbe" } } };
  const pods = workload("Deployment", `${space}/web`);

  test("is told as it will be when a selector finds nobody, and when the pods go", async () => {
    await done({ space, resources: [ingress, web, pods] });
    await made(space, "pods", 1);
    await made(space, "endpointslices", 1);
    expect((await planned({ space, resources: [ingress, web, pods] })).meaning.urls).toEqual([]);
    const changes = ({ meaning }: PlatformPlan) => [...new Set(meaning.urls.map(({ change }) => change))];
    expect(changes(await planned({ space, resources: [ingress, lost, pods] }))).toEqual(["breaks"]);
    expect(changes(await planned({ space, resources: [ingress, web] }, true))).toEqual(["breaks"]);
  });
});

test("a claim that would be about nothing keeps the plan from being applied", async () => {
  const claim = "nothing/web -> nothing/api:80";
  const api = service("nothing/api");
  const intent: Intent = {
    space: "nothing",
    resources: [
      workload("Deployment", "nothing/web"),
      workload("Deployment", "nothing/other"),
      { ...api, spec: { ...(api.spec as object), selector: { app: "ohter" } } },
    ],
    expect: [claim],
  };
  const vacuous = await planned(intent);
  expect(vacuous.proofs.map(({ outcome }) => outcome)).toEqual(["vacuous"]);
  await expect(all(apply(vacuous))).rejects.toThrow(`nothing was applied: "${claim}" would not hold`);
  expect((await plane.get("/api/v1/namespaces/nothing")).code).toBe(404);
  const file = await platformFile(files, {
    name: "nothing",
    resources: intent.resources,
    intent: { environments: { shop: ["nothing"] }, expect: [claim] },
  });
  const { code, out } = await runAshlar(["diff", file, "--live"], { kubeconfig: plane.kubeconfig });
  expect([code, out]).toEqual([1, expect.stringContaining(`✗ ${claim}`)]);
});

test("a kind that cannot be converted is unknown, and the others are checked", async () => {
  const made = definition("broken.test");
  const [v1] = (made.spec as { readonly versions: readonly object[] }).versions;
  const conversion = {
    strategy: "Webhook",
    webhook: {
      conversionReviewVersions: ["v1"],
      clientConfig: { url: "https://127.0.0.1:1/convert" },
    },
  };
  const before = { ...made, spec: { ...(made.spec as object), versions: [v1] } };
  const file = (name: string, ...resources: Resource[]) => platformFile(files, { name, resources });
  const kubeconfig = plane.kubeconfig;
  const applied = await runAshlar(
    ["apply", await file("broken", before, thing("broken.test", "default/stuck")), "--yes"],
    { kubeconfig },
  );
  expect(applied.code).toBe(0);
  const versions = [
    { ...v1, storage: false },
    { ...v1, name: "v2" },
  ];
  const after = { ...made, spec: { ...(made.spec as object), versions, conversion } };
  expect((await runAshlar(["apply", await file("broken", after), "--yes"], { kubeconfig })).code).toBe(0);
  const { code, out } = await runAshlar(["check", "--live", "--format", "json"], { kubeconfig });
  expect(code).toBe(1);
  const { findings, summary } = JSON.parse(out);
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: "platform/no-unread-kind",
      message: expect.stringMatching(/^what hangs on things\.broken\.test is unknown: .*conversion webhook/),
    }),
  );
  expect(summary.objects).toBeGreaterThan(100);
});

test("what an API server of its own serves is unknown when that is gone, and the others are checked", {
  timeout: 150_000,
}, async () => {
  const { keyFile, certificate } = await selfSignedCertificate(join(plane.folder, "gone"));
  const [group, version] = ["gone.test", "v1"];
  const list = {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: `${group}/${version}`,
    resources: [
      { name: "relics", singularName: "relic", namespaced: true, kind: "Relic", verbs: ["get", "list"] },
    ],
  };
  const server = createServer({ key: await readFile(keyFile), cert: certificate }, (_, answer) => {
    answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(list));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const made = [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "gone", namespace: "default" },
      spec: { type: "ExternalName", externalName: "localhost", ports: [{ port }] },
    },
    {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `${version}.${group}` },
      spec: {
        ...{ group, version, groupPriorityMinimum: 1000, versionPriority: 15, insecureSkipTLSVerify: true },
        service: { name: "gone", namespace: "default", port },
      },
    },
  ];
  for (const object of made) expect((await plane.create(object)).accepted).toBe(true);
  const relic = async () => (await cluster.apiTypes({ anew: true })).find(group, "Relic");
  const soon = { timeout: 60_000, interval: 500 };
  await vi.waitFor(async () => expect(await relic()).toMatchObject({ resource: "relics" }), soon);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  // The aggregator asks again when the APIService changes, or after a minute.
  await kubectlOutput(["annotate", "apiservice", `${version}.${group}`, "seen=gone"], plane.kubeconfig);
  await vi.waitFor(async () => expect(await relic()).toBeUndefined(), soon);
  const { code, out, err } = await runAshlar(["check", "--live", "--format", "json"], {
    kubeconfig: plane.kubeconfig,
  });
  expect([code, err]).toEqual([1, expect.not.stringContaining(group)]);
  expect(JSON.parse(out).findings).toContainEqual(
    expect.objectContaining({
      code: "platform/no-unread-kind",
      message: "what hangs on *.gone.test is unknown: the server of gone.test does not answer",
    }),
  );
});
