import { deepEqual, equal } from "node:assert/strict";
import type { Resource } from "@ashlar/core";
import type { formatRange, parseIp, parseIpRange } from "../../src/policy/ip.ts";
import type { normalizePolicy } from "../../src/policy/normalize.ts";
import type { reachDiff } from "../../src/reach/diff.ts";
import type { matrixCell, matrixReaches, reachMatrix } from "../../src/reach/matrix.ts";
import type { NetworkModelOptions, networkModel } from "../../src/reach/model.ts";
import type { ReachQuery, reach, Verdict } from "../../src/reach/verdict.ts";

/** The functions under test: the real ones, or those of a mutated copy. */
export interface Api {
  readonly networkModel: typeof networkModel;
  readonly reach: typeof reach;
  readonly reachMatrix: typeof reachMatrix;
  readonly matrixCell: typeof matrixCell;
  readonly matrixReaches: typeof matrixReaches;
  readonly reachDiff: typeof reachDiff;
  readonly normalizePolicy: typeof normalizePolicy;
  readonly parseIp: typeof parseIp;
  readonly parseIpRange: typeof parseIpRange;
  readonly formatRange: typeof formatRange;
}

/** One semantic rule: throws when the functions break it. */
export type Check = (api: Api) => void;

/** Checks by the rule that they hold the model to. */
export type Checks = Readonly<Record<string, Check>>;

const modules = [
  "policy/ip.ts",
  "policy/normalize.ts",
  "reach/model.ts",
  "reach/verdict.ts",
  "reach/matrix.ts",
  "reach/diff.ts",
];

/** Loads the functions, each module by the given import. */
export async function loadApi(load: (module: string) => Promise<object>): Promise<Api> {
  const loaded = await Promise.all(modules.map(load));
  return Object.assign({}, ...loaded) as Api;
}

export type Asked = Pick<ReachQuery, "port" | "protocol">;

/** A verdict on a set of objects. */
export function ask(
  api: Api,
  resources: readonly Resource[],
  from: ReachQuery["from"],
  to: ReachQuery["to"],
  asked: Asked = {},
  options: NetworkModelOptions = {},
): Verdict {
  return api.reach(api.networkModel(resources, options), { from, to, ...asked });
}

/** Expects outcomes, and that the matrix of the same pods gives the same where both sides are pods or workloads. */
export function expectAll(
  api: Api,
  resources: readonly Resource[],
  rows: readonly (readonly [from: ReachQuery["from"], to: ReachQuery["to"], asked: Asked, outcome: string])[],
  options: NetworkModelOptions = {},
): void {
  const model = api.networkModel(resources, options);
  const got = rows.map(([from, to, asked]) => [
    from,
    to,
    asked,
    api.reach(model, { from, to, ...asked }).outcome,
  ]);
  deepEqual(got, rows);
  for (const [from, to, asked, outcome] of rows) {
    if (typeof from !== "string" || typeof to !== "string") continue;
    const matrix = api.reachMatrix(model, asked);
    const [i, j] = [matrix.endpoints.indexOf(from), matrix.endpoints.indexOf(to)];
    if (i < 0 || j < 0) continue;
    equal(api.matrixCell(matrix, i, j).outcome, outcome, `matrix: ${from} -> ${to} ${JSON.stringify(asked)}`);
    equal(api.matrixReaches(matrix, i, j), outcome === "allowed");
  }
}

export const tcp = (port: number | string): Asked => ({ port, protocol: "TCP" });
export const udp = (port: number | string): Asked => ({ port, protocol: "UDP" });
export const sctp = (port: number | string): Asked => ({ port, protocol: "SCTP" });
