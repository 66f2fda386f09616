import type { Resource } from "@ashlar/core";
import { validateObject } from "@ashlar/core/rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { rightObjects } from "../objects/right-objects.ts";
import { applyFix } from "../values/apply-fix.ts";
import { breaks } from "../values/breaks.ts";
import { clusterRightObjects } from "../values/data/cluster-right-objects.ts";
import { moreRightObjects } from "../values/data/more-right-objects.ts";
import { systemRightObjects } from "../values/data/system-right-objects.ts";
import { mutated } from "../values/mutate.ts";
import { fieldsOf, type Verdict, verdictOf } from "../values/verdict.ts";

/** Has a rule of its own. */
const UNCHECKED = ["NetworkPolicy"];

/**
 * Admission that looks beyond the object: whether namespaces, classes and quotas that it names exist. It would refuse an object
 * before the API's own validation sees it.
 */
const OF_OTHERS = [
  "NamespaceLifecycle",
  "Priority",
  "RuntimeClass",
  "LimitRanger",
  "ResourceQuota",
  "DefaultStorageClass",
  "DefaultIngressClass",
  "PodSecurity",
];

const right = [...rightObjects, ...moreRightObjects, ...clusterRightObjects, ...systemRightObjects].filter(
  ({ kind }) => !UNCHECKED.includes(kind),
);
let server: ControlPlane;

beforeAll(async () => {
  server = await startControlPlane({ disableAdmission: OF_OTHERS });
});
afterAll(() => server?.stop());

test("the server is the version that our validation is written for", async () => {
  const { body } = await server.get("/version");
  expect(body).toMatchObject({ major: "1", minor: "36" });
});

test("every kind that the server stores is compared here", async () => {
  const compared = new Set(right.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`));
  const stored = await storedKinds();
  expect(stored.length).toBeGreaterThan(59);
  expect(stored.filter((kind) => !compared.has(kind)).sort()).toEqual([
    "networking.k8s.io/v1/NetworkPolicy",
    "v1/ComponentStatus",
  ]);
});

describe("our verdict on an object's values is the server's", () => {
  test("right objects of 59 kinds", async () => {
    expect(new Set(right.map(({ apiVersion, kind }) => `${apiVersion}/${kind}`)).size).toBe(59);
    for (const object of right) {
      const verdict = verdictOf(await server.dryRun(object));
      expect.soft(verdict, `${object.kind} ${object.metadata.name}`).toEqual({ kind: "accepted" });
      expect.soft(validateObject(object), `${object.kind} ${object.metadata.name}`).toEqual([]);
    }
  });

  test("right objects with one field changed by hand", async () => {
    const { differences, counts } = await compare(breaks.map(({ object }) => object));
    expect(differences).toEqual([]);
    expect(breaks.length).toBeGreaterThan(1940);
    expect(counts.refused).toBeGreaterThan(1500);
  });

  test.each([1, 2, 3])("700 right objects with random changes, seed %i", async (seed) => {
    const { differences, counts } = await compare(mutated(right, seed, 700));
    expect(differences).toEqual([]);
    expect(Math.min(counts.accepted ?? 0, counts.refused ?? 0)).toBeGreaterThan(150);
    expect((counts.accepted ?? 0) + (counts.refused ?? 0)).toBeGreaterThan(650);
  });
});

describe("where a dry run says too little", () => {
  test.each([
    [29999, false],
    [30000, true],
    [32767, true],
    [32768, false],
  ])("node port %i", async (nodePort, isAccepted) => {
    const service: Resource = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: `node-${nodePort}`, namespace: "default" },
      spec: { type: "NodePort", ports: [{ port: 80, nodePort }] },
    };
    const answer = await server.create(service);
    expect(answer.accepted).toBe(isAccepted);
    if (!answer.accepted)
      expect(fieldsOf(validateObject(service))).toEqual(
        answer.status.details?.causes?.map(({ field }) => field),
      );
    else expect(validateObject(service)).toEqual([]);
  });

  test("a success policy without completions ends the server's handler; ours names the missing field", async () => {
    const indexed = structuredClone(right.find(({ metadata }) => metadata.name === "indexed")!);
    delete (indexed.spec as Record<string, unknown>).completions;
    await expect(server.dryRun(indexed)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(fieldsOf(validateObject(indexed))).toContain("spec.completions");
  });
});

test("what is certain to help, helps: the server takes each object whose only problem has a remedy", async () => {
  const curable = breaks.filter(({ object }) => {
    const problems = validateObject(object);
    return problems.length > 0 && problems.every(({ fix }) => fix !== undefined);
  });
  expect(curable.length).toBeGreaterThan(25);
  for (const { name, object } of curable) {
    const cured = validateObject(object).reduce((broken, { fix }) => applyFix(broken, fix!), object);
    expect.soft(validateObject(cured), name).toEqual([]);
    expect.soft(verdictOf(await server.dryRun(cured)), name).toEqual({ kind: "accepted" });
  }
});

/** `apps/v1/Deployment`: what can be listed. */
async function storedKinds(): Promise<string[]> {
  const { body } = await server.get("/apis");
  const { groups } = body as { groups: { versions: { groupVersion: string }[] }[] };
  const versions = ["v1", ...groups.flatMap((group) => group.versions.map((v) => v.groupVersion))];
  const answers = versions.map(async (version) => {
    const { body: list } = await server.get(`${version.includes("/") ? "/apis" : "/api"}/${version}`);
    const { resources } = list as { resources: { kind: string; verbs: string[] }[] };
    return resources.filter(({ verbs }) => verbs.includes("list")).map(({ kind }) => `${version}/${kind}`);
  });
  return (await Promise.all(answers)).flat();
}

/** Asks the server for each object, a few at a time. */
async function compare(objects: readonly Resource[]) {
  const differences: unknown[] = [];
  const counts: Partial<Record<Verdict["kind"], number>> = {};
  const ask = async (object: Resource) => {
    if (endsTheHandler(object)) return;
    const answer = await server.dryRun(object);
    const theirs = verdictOf(answer);
    counts[theirs.kind] = (counts[theirs.kind] ?? 0) + 1;
    const problems = validateObject(object);
    if (isSame(theirs, problems)) return;
    const message = answer.accepted ? "" : answer.status.message;
    differences.push({
      theirs,
      ours: fieldsOf(problems),
      message,
      object: JSON.stringify(object).slice(0, 600),
    });
  };
  for (let i = 0; i < objects.length; i += 8) await Promise.all(objects.slice(i, i + 8).map(ask));
  return { differences, counts };
}

function isSame(theirs: Verdict, problems: ReturnType<typeof validateObject>): boolean {
  switch (theirs.kind) {
    case "accepted":
      return problems.length === 0;
    case "refused":
      return JSON.stringify(fieldsOf(problems)) === JSON.stringify(theirs.fields);
    default:
      return true; // not about values: see Verdict
  }
}

/** kube-apiserver 1.36.3 follows a nil pointer here (batch validateSuccessPolicyRule). */
function endsTheHandler({ kind, spec }: Resource): boolean {
  const job = spec as {
    completionMode?: unknown;
    completions?: unknown;
    parallelism?: unknown;
    successPolicy?: unknown;
  };
  return (
    kind === "Job" &&
    job?.completionMode === "Indexed" &&
    job.successPolicy != null &&
    job.completions == null &&
    job.parallelism != null
  );
}
