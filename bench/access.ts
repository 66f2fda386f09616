import type { Resource } from "@ashlar/core";
import { type AccessModel, accessCell, accessMatrix, accessModel, can } from "@ashlar/iam";
import { type Ask, askAuthorizer } from "../conformance/access/rbac-authorizer.ts";
import {
  type AccessSize,
  CLUSTER_SHARE,
  groupsOf,
  makeAccess,
  makeAsks,
  namespaceName,
  partsOf,
  peopleOf,
  RESOURCES,
  VERBS,
} from "./access-set.ts";
import { count, ratio, type Section, seconds, table, timeOnce, timeWarm } from "./section.ts";

interface Comparison {
  readonly size: AccessSize;
  /** How many times the checks per second of the authorizer; absent: shown for what it is. */
  readonly target?: number;
}

const COMPARISONS: readonly Comparison[] = [
  { size: { roles: 100, bindings: 300, namespaces: 1 }, target: 20 },
  { size: { roles: 100, bindings: 5000, namespaces: 1 }, target: 200 },
  { size: { roles: 100, bindings: 300, namespaces: 20 } },
  { size: { roles: 100, bindings: 5000, namespaces: 20 } },
];

const ASKS = 20_000;
/** The authorizer and ours take turns, and the best round of each counts: other work on the machine then matters least. */
const ROUNDS = 3;
const AUTHORIZER_SECONDS = 1;
/** Runs of ours over all requests, in each round. */
const RUNS = 50;

const MATRIX_SIZE = { roles: 100, bindings: 5000, namespaces: 100 };
const MATRIX_SUBJECTS = 200;
const MATRIX_TARGET_SECONDS = 1;
/** Cells that the authorizer is asked about. */
const MATRIX_CELLS = 50_000;

/** Who may do what: single checks against the RBAC authorizer of the API server, and the whole matrix. */
export async function benchAccess(): Promise<Section> {
  const compared = [];
  for (const comparison of COMPARISONS) compared.push(await compare(comparison));
  const matrix = await wholeMatrix();
  return {
    title: "Who may do what: checks and the whole access matrix",
    text: [
      "The peer is Kubernetes' own RBAC authorizer (the Go module `k8s.io/kubernetes`), called in process, with the same roles, bindings",
      `and ${count(ASKS)} different requests, round and round: with informers' listers, as the API server runs it, and with the plain`,
      "lists of its own tests; the target is against the faster of both. It reads every ClusterRoleBinding (one binding of five here)",
      "and the RoleBindings of the request's namespace; how many that are is in the third column. The first two rows have them all in",
      "reach of every request; spread over namespaces (no target) it has less to read.",
      "_can()_ is a warm process and a model that exists. Rates are checks per second of one thread's processor time; the two take",
      `turns, ${ROUNDS} rounds, and the best of each counts: other work on the machine then matters least. _Cold_ is \`accessModel\` and each`,
      "request once, in a model that nobody asked before. Every answer of both, with its reason, is compared.",
      "",
      table(
        [
          "roles, bindings",
          "namespaces",
          "read per check",
          "can()",
          "authorizer with listers (ratio)",
          "with plain lists (ratio)",
          "target",
          "cold, all requests",
          "answers that agree",
        ],
        compared.map((c) => c.row),
      ),
      "",
      matrix.text,
    ].join("\n"),
    failures: [...compared.flatMap((c) => c.failures), ...matrix.failures],
  };
}

async function compare({ size, target }: Comparison) {
  const { roles, bindings, namespaces } = size;
  const name = `${roles} roles, ${count(bindings)} bindings, ${namespaces} ${namespaces === 1 ? "namespace" : "namespaces"}`;
  const resources = makeAccess(size);
  const requests = makeAsks(size, ASKS);
  const model = accessModel(resources, { builtins: false });
  const differing = await disagreements(resources, model, requests);
  const cold = timeOnce(() => {
    const fresh = accessModel(resources, { builtins: false });
    for (const request of requests) can(fresh, request);
  });
  const rates = { ours: 0, listers: 0, static: 0 };
  const rateOf = async (store: "listers" | "static") => {
    const asked = { resources, requests, store, seconds: AUTHORIZER_SECONDS };
    const [answer] = await askAuthorizer([asked]);
    return answer!.checks / answer!.seconds;
  };
  for (let round = 0; round < ROUNDS; round++) {
    rates.listers = Math.max(rates.listers, await rateOf("listers"));
    rates.static = Math.max(rates.static, await rateOf("static"));
    rates.ours = Math.max(rates.ours, ourRate(model, requests));
  }
  const allowed = requests.filter((request) => can(model, request).allowed).length;
  const faster = Math.max(rates.listers, rates.static);
  const failures = [];
  if (differing.length > 0)
    failures.push(`access ${name}: ${differing.length} answers differ, like ${differing[0]}`);
  if (target !== undefined && rates.ours / faster < target)
    failures.push(`access ${name}: ${ratio(rates.ours, faster)}, the target is ${target}×`);
  const rate = (checks: number) => `${count(Number(checks.toPrecision(2)))}/s`;
  return {
    failures,
    row: [
      `${roles}, ${count(bindings)}`,
      String(namespaces),
      count(bindings / CLUSTER_SHARE + (bindings * (1 - 1 / CLUSTER_SHARE)) / namespaces),
      rate(rates.ours),
      `${rate(rates.listers)} (**${ratio(rates.ours, rates.listers)}**)`,
      `${rate(rates.static)} (**${ratio(rates.ours, rates.static)}**)`,
      target === undefined ? "" : `≥ ${target}×`,
      seconds(cold),
      `${count(ASKS - differing.length)} of ${count(ASKS)}; ${Math.round((100 * allowed) / ASKS)} % allowed`,
    ],
  };
}

/** Checks of ours per second of processor time, after the code has run for a while. */
function ourRate(model: AccessModel, requests: readonly Ask[]): number {
  const all = () => requests.filter((request) => can(model, request).allowed).length;
  timeWarm(1, all);
  const start = process.threadCpuUsage();
  for (let run = 0; run < RUNS; run++) all();
  const { user, system } = process.threadCpuUsage(start);
  return (RUNS * requests.length * 1e6) / (user + system);
}

/** The requests that the authorizer answers otherwise. */
async function disagreements(
  resources: readonly Resource[],
  model: AccessModel,
  requests: readonly Ask[],
): Promise<readonly string[]> {
  const [answer] = await askAuthorizer([{ resources, requests }]);
  return requests.flatMap((request, i) => {
    const { allowed, reason } = answer!.verdicts[i]!;
    const ours = can(model, request);
    if (ours.allowed === allowed && ours.reason === reason) return [];
    return [`${JSON.stringify(request)} (authorizer: ${allowed} ${reason})`];
  });
}

async function wholeMatrix() {
  const resources = makeAccess(MATRIX_SIZE);
  const subjects = Array.from({ length: MATRIX_SUBJECTS }, (_, i) => ({
    user: `person-${i % peopleOf(MATRIX_SIZE)}`,
    groups: [
      `group-${i % groupsOf(MATRIX_SIZE)}`,
      `group-${(i * 7) % groupsOf(MATRIX_SIZE)}`,
      "system:authenticated",
    ],
  }));
  const namespaces = Array.from({ length: MATRIX_SIZE.namespaces }, (_, n) => namespaceName(n));
  const asked = { subjects, resources: RESOURCES.map(partsOf), verbs: VERBS, namespaces };
  const make = () => accessMatrix(accessModel(resources, { builtins: false }), asked);
  const first = timeOnce(make);
  const best = Math.min(...timeWarm(5, make));
  const matrix = make();

  const cells = MATRIX_SUBJECTS * RESOURCES.length * VERBS.length * namespaces.length;
  const stride = Math.floor(cells / MATRIX_CELLS) | 1;
  const sample = Array.from({ length: MATRIX_CELLS }, (_, k) => placeOf((k * stride) % cells));
  const requests = sample.map(([s, r, v, n]): Ask => {
    return { ...subjects[s]!, ...asked.resources[r]!, verb: VERBS[v]!, namespace: namespaces[n]! };
  });
  const [answer] = await askAuthorizer([{ resources, requests }]);
  const wrong = sample.filter(
    ([s, r, v, n], k) => accessCell(matrix, s, r, v, n) !== answer!.verdicts[k]!.allowed,
  ).length;
  const allowed = answer!.verdicts.filter((verdict) => verdict.allowed).length;

  const what = `${MATRIX_SUBJECTS} subjects × ${RESOURCES.length} resources × ${VERBS.length} verbs × ${namespaces.length} namespaces`;
  const failures = [];
  if (wrong > 0)
    failures.push(`access matrix: ${wrong} of ${MATRIX_CELLS} cells differ from the authorizer's answer`);
  if (first > MATRIX_TARGET_SECONDS)
    failures.push(`access matrix: ${seconds(first)}, the target is under ${MATRIX_TARGET_SECONDS} s`);
  return {
    failures,
    text:
      `The whole matrix of ${what} (${count(cells)} cells, ${count(MATRIX_SIZE.bindings)} bindings), \`accessModel\` included: ` +
      `**${seconds(first)}** the first time (target: under ${MATRIX_TARGET_SECONDS} s), ${seconds(best)} warm. The authorizer was asked ` +
      `about ${count(MATRIX_CELLS)} cells spread over all: ${count(MATRIX_CELLS - wrong)} agree, ${Math.round((100 * allowed) / MATRIX_CELLS)} % allowed.`,
  };
}

/** Subject, resource, verb and namespace of a cell's number. */
function placeOf(cell: number): readonly [number, number, number, number] {
  const rest = Math.floor(cell / MATRIX_SUBJECTS);
  const verbs = Math.floor(rest / RESOURCES.length);
  return [
    cell % MATRIX_SUBJECTS,
    rest % RESOURCES.length,
    verbs % VERBS.length,
    Math.floor(verbs / VERBS.length),
  ];
}
