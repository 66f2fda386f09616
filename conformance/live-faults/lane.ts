import { type ApplyEvent, type ClusterOptions, connectCluster, type LiveError } from "@ashlar/core/live";
import { apply, type PlatformPlan, plan } from "ashlar/live";
import { expect } from "vitest";
import type { ControlPlane } from "../components/control-plane.ts";
import { type Fault, type FaultProxy, faultProxy, type SeenRequest } from "../components/fault-proxy.ts";
import { faultPlatform, givenObjects, SOURCES, type Version } from "./platform.ts";
import { clusterState, listedKinds, type State } from "./state.ts";

/** What a run came to. */
export interface Outcome {
  readonly planned?: PlatformPlan;
  readonly events: readonly ApplyEvent[];
  readonly error?: LiveError;
  readonly milliseconds: number;
}

/**
 * A platform of its own in the cluster, behind a proxy of its own. Each run takes it to its other version: every object
 * changes, some are made, some removed, so nothing has to be put back.
 */
export interface Lane {
  readonly suffix: string;
  readonly proxy: FaultProxy;
  /** The version that the cluster shall have next. */
  readonly next: () => Version;
  /** Applies a version; `next` of it is the other one. */
  readonly run: (version: Version, options?: ClusterOptions) => Promise<Outcome>;
  /** The requests of an undisturbed run to this version. */
  readonly requests: (version: Version) => readonly string[];
  /** Holds the cluster against what an undisturbed run made. */
  readonly expectState: (version: Version, because: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Patient enough for a machine that has other things to do. */
const PATIENT = { requestTimeoutSeconds: 10, retrySeconds: 10 };

/** @param suffixes of all platforms of the suite */
export async function startLane(
  plane: ControlPlane,
  suffix: string,
  suffixes: readonly string[],
): Promise<Lane> {
  const proxy = await faultProxy(plane);
  const others = suffixes.filter((other) => other !== suffix);
  for (const object of givenObjects(suffix)) await plane.create(object);
  let next: Version = "a";
  const run = (version: Version, options?: ClusterOptions): Promise<Outcome> => {
    next = version === "a" ? "b" : "a";
    return applyVersion(proxy, version, suffix, options);
  };
  const requests = new Map<Version, readonly string[]>();
  const reference = new Map<Version, State>();
  const kinds = async () =>
    (await listedKinds(plane)).filter(({ path }) => !others.some((o) => path.includes(o)));
  // The first two make what was not there, the last two are as every later run.
  for (const version of ["a", "b", "a", "b"] as const) {
    proxy.set();
    expectWhole(await run(version), "undisturbed");
    requests.set(version, numbered(proxy.seen));
    reference.set(version, await clusterState(plane, await kinds(), others));
  }
  const all = await kinds();
  return {
    suffix,
    proxy,
    next: () => next,
    run,
    requests: (version) => requests.get(version)!,
    expectState: async (version, because) => {
      expect(await clusterState(plane, all, others), because).toEqual(reference.get(version));
    },
    close: proxy.close,
  };
}

/** Plans and applies as a script does. */
export async function applyVersion(
  { kubeconfig }: Pick<FaultProxy, "kubeconfig">,
  version: Version,
  suffix: string,
  options: ClusterOptions = {},
): Promise<Outcome> {
  const begun = Date.now();
  const events: ApplyEvent[] = [];
  let planned: PlatformPlan | undefined;
  const ended = () => ({ events, milliseconds: Date.now() - begun, ...(planned && { planned }) });
  try {
    const cluster = await connectCluster({ kubeconfig, ...PATIENT, ...options });
    planned = await plan(faultPlatform(version, suffix), cluster, { env: SOURCES.env, prune: true });
    for await (const event of apply(planned)) events.push(event);
    return ended();
  } catch (error) {
    return { ...ended(), error: error as LiveError };
  }
}

/** Everything was done and nothing is left. */
export function expectWhole({ error, events }: Outcome, because: string): void {
  expect(error, because).toBeUndefined();
  const left = events.filter(({ type }) => type === "failed" || type === "skipped");
  expect(left, because).toEqual([]);
  expect(events.at(-1), because).toMatchObject({ type: "done", summary: { left: 0 } });
}

/** A request by what it asks: the order of those that run side by side is nobody's. */
export function nameOf({ method, path, query }: Pick<SeenRequest, "method" | "path" | "query">): string {
  return `${method} ${path}?${query}`;
}

/** How often it is asked whose turn it is hangs on the time that a run takes. */
export function isPaced({ method, path }: Pick<SeenRequest, "method" | "path">): boolean {
  return method === "GET" && /\/configmaps\/ashlar-/.test(path);
}

/** Names of requests, each with how often it came before. */
export function numbered(seen: readonly SeenRequest[]): string[] {
  const counts = new Map<string, number>();
  return seen.map((request) => {
    const name = nameOf(request);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return `${name} #${count}`;
  });
}

/** Does something to each of these requests, once. Says which have not come though they should have. */
export function disturb(proxy: FaultProxy, faults: ReadonlyMap<string, Fault>): () => string[] {
  const open = new Map(faults);
  const counts = new Map<string, number>();
  proxy.set((request) => {
    const name = nameOf(request);
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const key = `${name} #${count}`;
    const fault = open.get(key);
    open.delete(key);
    return fault;
  });
  return () => [...open.keys()].filter((key) => !/^GET \S+\/configmaps\/ashlar-/.test(key));
}
