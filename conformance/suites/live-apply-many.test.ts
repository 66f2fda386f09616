import type { Resource } from "@ashlar/core";
import {
  type ApiType,
  applyPlan,
  type Cluster,
  connectCluster,
  type DesiredState,
  LiveError,
  planObjects,
} from "@ashlar/core/live";
import { definePlatform } from "ashlar";
import { apply, plan } from "ashlar/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyObject, getObject } from "../../packages/core/src/live/objects.ts";
import { isApplied } from "../../packages/core/src/live/owned-fields.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { configMap, definition, namespace, service, workload } from "../live-apply/objects.ts";
import { randomEdit, randomSets } from "../live-apply/random-objects.ts";
import { asked, writes } from "../live-apply/requests.ts";
import { actions, all, applied, connected } from "../live-apply/run.ts";

const SEED = 11;

let plane: ControlPlane;
let cluster: Cluster;

beforeAll(async () => {
  plane = await startControlPlane({ controllers: true, audit: [{ level: "Metadata" }] });
  cluster = await connected(plane.kubeconfig);
});
afterAll(() => plane?.stop());

describe("two appliers at once", () => {
  const version = (space: string, word: string, count: number): Resource[] => [
    namespace(space),
    ...Array.from({ length: count }, (_, i) => configMap(`${space}/words-${i}`, { word })),
    ...Array.from({ length: count / 4 }, (_, i) =>
      service(`${space}/web-${i}`, [{ port: word === "one" ? 80 : 81 }]),
    ),
  ];

  /** How an apply ended: its summary, or the code of its error. */
  async function ending(desired: Parameters<typeof planObjects>[1]): Promise<string> {
    try {
      const { summary } = await applied(await connected(plane.kubeconfig), desired);
      return `left ${summary.left}`;
    } catch (error) {
      if (error instanceof LiveError) return error.code;
      throw error;
    }
  }

  test.each([1, 2, 3])("of the same platform: what it says is in the cluster (%i)", async (run) => {
    const desired = { name: `same-${run}`, resources: version(`same-${run}`, "one", 60) };
    const endings = await Promise.all([ending(desired), ending(desired)]);
    expect(endings.filter((text) => text === "left 0").length).toBeGreaterThan(0);
    expect(endings.every((text) => text === "left 0" || text === "conflict")).toBe(true);
    expect(actions(await planObjects(cluster, desired))).toEqual([]);
  });

  test.each([5, 20, 60, 100, 121])(
    "of two versions of it: the later one is in the cluster, whole, and the other is told (after %i objects)",
    async (after) => {
      const space = `versions-${after}`;
      const extra = [1, 2, 3].map((i) => ({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { namespace: space, name: `one-${i}` },
      }));
      const desired = (word: string): DesiredState => ({
        name: space,
        resources: [...version(space, word, 120), ...(word === "one" ? extra : [])],
      });
      await applied(cluster, desired("zero"));
      const slow = await connectCluster({ kubeconfig: plane.kubeconfig, parallel: 1 });
      const first = applyPlan(await planObjects(slow, desired("one")));
      for (let i = 0; i < after; i++) await first.next();
      const [told, second] = await Promise.all([codeOf(all(first)), applied(cluster, desired("two"))]);
      expect(second.summary.left).toBe(0);
      // When little was left it may have been done before the other began.
      expect(told).toBe(told === "" && after > 60 ? "" : "conflict");
      // What the other one made besides is known, and goes when that is asked for.
      const { plan: pruning, summary } = await applied(cluster, desired("two"), { prune: true });
      expect(actions(pruning)).toEqual([1, 2, 3].map((i) => `prune ServiceAccount ${space}/one-${i}`));
      expect(summary.pruned).toBe(3);
      expect(actions(await planObjects(cluster, desired("two")))).toEqual([]);
    },
  );

  test("a plan that was made before another apply began is made anew, from what the cluster holds then", async () => {
    const space = "stale";
    const platform = (word: string, more: readonly Resource[] = []) =>
      definePlatform({
        name: space,
        environments: {},
        also: [
          {
            resources: [...version(space, word, 20), ...more],
            patches: [],
            documents: [],
            steps: [],
            claims: [],
          },
        ],
      });
    const mine = platform("one", [configMap(`${space}/more`)]);
    await all(apply(await plan(platform("one"), cluster)));
    const planned = await plan(mine, cluster);
    // Another version is begun, and broken off in the middle.
    const other = apply(await plan(platform("two"), cluster));
    for (let i = 0; i < 10; i++) await other.next();
    await other.return(undefined);
    await all(apply(planned));
    const left = await plan(mine, cluster);
    expect(left.objects.items.filter(({ action }) => action !== "none")).toEqual([]);
  });
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "";
  } catch (error) {
    if (error instanceof LiveError) return error.code;
    throw error;
  }
}

describe("2,000 objects", () => {
  const resources = [
    ...Array.from({ length: 10 }, (_, i) => namespace(`many-${i}`)),
    ...Array.from({ length: 1990 }, (_, i) => {
      const place = `many-${i % 10}/object-${i}`;
      if (i % 4 === 0) return service(place);
      if (i % 4 === 1) return workload("Deployment", place, { spec: { replicas: 0 } });
      return configMap(place, { index: String(i) });
    }),
  ];
  const desired = { name: "many", resources };

  test("are applied, and applied again without a write", async () => {
    const times: number[] = [];
    const timed = async () => {
      const started = performance.now();
      const { summary } = await applied(cluster, desired);
      times.push(performance.now() - started);
      return summary;
    };
    expect(await timed()).toMatchObject({ created: 2000, left: 0 });
    const lines = await asked(plane, async () => {
      expect(await timed()).toMatchObject({ unchanged: 2000, created: 0, changed: 0, left: 0 });
    });
    expect(writes(lines)).toEqual([]);
    console.log(
      `2,000 objects: ${times.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(", then ")} (${lines.length} requests)`,
    );
  });
});

describe("what needs no asking", () => {
  /** What is said without the server, and whether it would change anything, of one state of an object. */
  async function saidAndTrue(type: ApiType, object: Resource): Promise<{ said: boolean; same: boolean }> {
    for (;;) {
      const before = await getObject(cluster, type, object.metadata);
      const dry = await applyObject(cluster, type, object, { dryRun: true, force: true });
      const after = await getObject(cluster, type, object.metadata);
      // A controller wrote between: these are two states.
      if (before?.metadata.resourceVersion !== after?.metadata.resourceVersion) continue;
      const same = dry.status < 300 && JSON.stringify(bare(dry.body)) === JSON.stringify(bare(before!));
      return { said: isApplied(object, before!), same };
    }
  }

  test("is never left unasked of an object that the server would change", { timeout: 120_000 }, async () => {
    const group = "random.test";
    await applied(cluster, { name: "random-kinds", resources: [namespace("random"), definition(group)] });
    const types = await cluster.apiTypes();
    const looks: { kind: string; what: string; said: boolean; same: boolean }[] = [];
    for (const object of randomSets(SEED, 64, group)) {
      const [version, kindGroup = ""] = object.apiVersion.split("/").reverse();
      const type = types.find(kindGroup, object.kind, version)!;
      for (const what of ["untouched", "edited", "edited", "edited"]) {
        const made = await applyObject(cluster, type, object, { force: true });
        if (made.status >= 300) throw new Error(`${object.kind}: ${JSON.stringify(made.body.message)}`);
        const edited = what === "untouched" ? { object, what } : randomEdit(object, looks.length);
        if (edited.byOthers) await edited.byOthers(plane, await plane.collectionOf(object));
        looks.push({ kind: object.kind, what: edited.what, ...(await saidAndTrue(type, edited.object)) });
      }
    }
    expect(looks.filter(({ said, same }) => said && !same)).toEqual([]);
    // What it says no to for want of knowledge costs a question: quantities in other words, lists that the server fills in.
    const asked = looks.filter(({ said, same }) => !said && same);
    const untouched = asked.filter(({ what }) => what === "untouched");
    const kinds = [...new Set(untouched.map(({ kind }) => kind))].sort().join(", ");
    console.log(
      `${looks.length} objects: ${asked.length} asked about for nothing, ${untouched.length} of them untouched (${kinds})`,
    );
    expect(untouched.length).toBeLessThan(16);
  });
});

/** Without the time of the last write. */
function bare(object: object): unknown {
  const { metadata, ...rest } = JSON.parse(JSON.stringify(object)) as Resource;
  const { managedFields, resourceVersion: _, ...meta } = metadata;
  const entries = (managedFields as { time?: string }[]).map(({ time: __, ...entry }) => entry);
  return { ...rest, metadata: meta, entries };
}
