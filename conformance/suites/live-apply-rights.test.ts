import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Resource } from "@ashlar/core";
import { type Cluster, LiveError, permissionsOf, planObjects } from "@ashlar/core/live";
import { definePlatform, existing } from "ashlar";
import { apply, permissions, plan } from "ashlar/live";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCluster } from "../../packages/platform/src/live/read-cluster.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import {
  beforeLeast,
  LEAST_GROUP,
  leastPlatform,
  rightsIn,
  type Stage,
  type Taken,
  without,
} from "../live-apply/least.ts";
import { definition } from "../live-apply/objects.ts";
import { platformOf } from "../live-apply/platforms.ts";
import { all, applied, connected, summaryOf } from "../live-apply/run.ts";

let plane: ControlPlane;
let admin: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true, audit: true });
  admin = await connected(plane.kubeconfig);
  await applied(admin, { name: "definitions", resources: [definition(LEAST_GROUP)] });
});
afterAll(() => plane?.stop());

const env = { PASSWORD: "a password of the tests" };

/** Somebody who may do what roles give, and nothing else. */
async function caller(name: string): Promise<Cluster> {
  const config = JSON.parse(await readFile(plane.kubeconfig, "utf8"));
  config.users[0].user.as = name;
  const file = join(plane.folder, `as-${name}`);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return connected(file);
}

/** Gives somebody what is printed for the platform, but for one right. */
async function prepared(id: string, roles: readonly Resource[], taken?: Taken): Promise<Cluster> {
  await plane.create(beforeLeast(id));
  for (const object of roles) {
    const answer = await plane.create(object, { fieldValidation: "Strict" });
    if (!answer.accepted) throw new Error(`${object.kind} ${object.metadata.name}: ${answer.status.message}`);
  }
  const account = `/api/v1/namespaces/${id}-shop/serviceaccounts/default`;
  while ((await plane.get(account)).code !== 200) await sleep(10);
  // The authorizer hears of roles a moment later.
  const known = [
    { verb: "patch", resource: "configmaps", namespace: "default", name: `ashlar-${id}` },
    { verb: "patch", resource: "serviceaccounts", namespace: `${id}-shop`, name: "runner" },
    { verb: "patch", resource: "configmaps", namespace: `${id}-beside`, name: "words" },
    { verb: "patch", resource: "namespaces", name: `${id}-shop` },
  ].filter(({ verb, resource }) => verb !== taken?.verb || resource !== taken.resource);
  while (!(await allowed(id, known))) await sleep(10);
  return caller(id);
}

async function allowed(user: string, rights: readonly object[]): Promise<boolean> {
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: { name: "" },
  };
  const answers = await Promise.all(
    rights.map((resourceAttributes) => plane.create({ ...review, spec: { user, resourceAttributes } })),
  );
  return answers.every((answer) => answer.accepted && (answer.object.status as { allowed: boolean }).allowed);
}

const subject = (name: string) => ({ kind: "User", name }) as const;
const stages: readonly Stage[] = ["made", "made", "changed", "emptied"];

test("the rights that are printed suffice: to apply, to see that nothing is to do, to change, to remove", async () => {
  const id = "enough";
  const cluster = await prepared(
    id,
    await permissions(leastPlatform(id), admin, { env: {}, prune: true, subject: subject(id) }),
  );
  await expect
    .poll(async () => (await plan(leastPlatform(id), cluster, { env })).unread, { timeout: 5_000 })
    .toEqual([]);
  const summaries = [];
  for (const stage of stages) {
    const planned = await plan(leastPlatform(id, stage), cluster, { env, prune: true });
    expect(planned.unread).toEqual([]);
    summaries.push(summaryOf(await all(apply(planned))));
  }
  const common = { left: 0, notReady: 0 };
  expect(summaries).toEqual([
    { ...common, created: 12, changed: 4, unchanged: 0, pruned: 0 },
    { ...common, created: 0, changed: 0, unchanged: 16, pruned: 0 },
    { ...common, created: 0, changed: 16, unchanged: 0, pruned: 0 },
    { ...common, created: 0, changed: 4, unchanged: 0, pruned: 12 },
  ]);
});

/** What the server refused while a platform was applied, applied again, changed and pruned. */
async function refusals(id: string, cluster: Cluster): Promise<string[]> {
  const found: string[] = [];
  try {
    for (const stage of stages) {
      const { name, block } = leastPlatform(id, stage);
      const { plan: planned, events } = await applied(cluster, { name, ...block }, { env, prune: true });
      found.push(...planned.notes);
      for (const event of events) if (event.type === "failed") found.push(event.refusal.message);
    }
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    found.push(error.message);
  }
  return found;
}

/** Whether the server's words are about this right. */
function isAbout(message: string, { verb, resource, group }: Taken): boolean {
  if (verb === "bind" || verb === "escalate") return message.includes("attempting to grant RBAC permissions");
  return message.includes(`cannot ${verb} resource "${resource}" in API group "${group}"`);
}

test("each of those of applying is needed", { timeout: 120_000 }, async () => {
  const rolesOf = async (id: string) => {
    const { name, block } = leastPlatform(id);
    return permissionsOf(await planObjects(admin, { name, ...block }, { env }), {
      prune: true,
      subject: subject(id),
    });
  };
  const rights = rightsIn(await rolesOf("each"));
  expect(rights.length).toBeGreaterThan(50);
  const superfluous: string[] = [];
  const started = Date.now();
  // Pods are read to tell why a workload is not ready: see live-apply-wait.test.ts.
  const queue = [...rights.entries()].filter(([, { resource }]) => resource !== "pods");
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, taken] = next;
      const id = `each-${i}`;
      const found = await refusals(id, await prepared(id, without(await rolesOf(id), taken), taken));
      if (!found.some((message) => isAbout(message, taken)))
        superfluous.push(`${taken.verb} ${taken.resource} of ${taken.role}: ${found.join("; ")}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  console.log(`${rights.length} rights taken away one by one in ${Date.now() - started} ms`);
  expect(superfluous).toEqual([]);
});

test("each of those of claims is needed, and no other is there", async () => {
  const roles = await permissions(platformOf("claims", {}), admin);
  const rights = rightsIn(roles).filter(({ verb }) => verb === "list");
  expect(rights.length).toBeGreaterThan(20);
  const { unread } = await readCluster(await caller("nobody"), [
    "network",
    "access",
    "dns",
    "routes",
    "pulls",
  ]);
  const named = new Set(unread.map(({ resource }) => resource));
  expect(
    rights.map(({ resource, group }) => (group === "" ? resource : `${resource}.${group}`)).sort(),
  ).toEqual([...named].sort());
});

test("claims are unknown to a caller who may not list what they hang on, and the others are proved", async () => {
  const id = "unknown";
  const platform = definePlatform({
    name: id,
    environments: { common: existing("default"), one: ["unknown-one"], two: ["unknown-two"] },
    firewall: "one <-> common <-> two",
    probe: { in: ["unknown-one", "unknown-two"] },
    expect: ["env:one -/-> env:two", "anonymous cannot read secrets"],
  });
  const roles = await permissions(platform, admin, { subject: subject(id) });
  const policies = {
    role: "ClusterRole",
    group: "networking.k8s.io",
    resource: "networkpolicies",
    verb: "list",
  };
  for (const object of without(roles, policies)) await plane.create(object);
  const listing = [
    { verb: "list", resource: "pods" },
    { verb: "patch", resource: "configmaps", namespace: "default", name: "ashlar-unknown" },
  ];
  while (!(await allowed(id, listing))) await sleep(10);
  const planned = await plan(platform, await caller(id));
  expect(planned.unread.map(({ resource }) => resource)).toEqual(["networkpolicies.networking.k8s.io"]);
  const outcome = (text: string) => planned.proofs.find(({ claim }) => claim.text === text)?.outcome;
  expect(outcome("env:one -/-> env:two")).toBe("unknown");
  expect(outcome("anonymous cannot read secrets")).toBe("proved");
  // What is unknown is no reason to stop.
  expect(summaryOf(await all(apply(planned)))).toMatchObject({ left: 0 });
});
