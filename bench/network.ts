import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { matrixReaches, type ReachMatrix } from "@ashlar/network-policy";
import { type Cluster, type ClusterSize, makeCluster } from "./cluster.ts";
import { askCyclonus, type CyclonusAnswer } from "./cyclonus.ts";
import { ASKED, matrixOf } from "./matrix-of.ts";
import { count, ratio, type Section, seconds, table, timeWarm } from "./section.ts";

interface Comparison {
  readonly size: ClusterSize;
  /** cyclonus answers as many pairs as it can in this time; absent: all of them. */
  readonly sampleSeconds?: number;
  /** How many times faster than cyclonus the matrix has to be; absent: shown for what it is. */
  readonly target?: number;
  /** Calls of ours in each round. */
  readonly runs: number;
}

const small = { namespaces: 20, podsPerNamespace: 20, policies: 60 };
const large = { namespaces: 50, podsPerNamespace: 100, policies: 500 };
const COMPARISONS: readonly Comparison[] = [
  { size: { ...small, kindsPerNamespace: 5 }, runs: 40, target: 50 },
  { size: { ...large, kindsPerNamespace: 10 }, runs: 8, target: 1000, sampleSeconds: 10 },
  // The worst case of our way: nothing to put together, every pod has labels of its own.
  { size: { ...small, kindsPerNamespace: 20 }, runs: 40 },
  { size: { ...large, kindsPerNamespace: 100 }, runs: 8, sampleSeconds: 5 },
];

/** cyclonus and ours take turns, and the best round of each counts: other work on the machine then matters least. */
const ROUNDS = 4;

/** Pods per namespace; every kind of pod is there from the first on. */
const GROWTH = [50, 100, 200, 400, 800, 1600, 3200, 7500];
const GROWTH_SIZE = { namespaces: 20, kindsPerNamespace: 10, policies: 60 };
/** Time as a power of the number of pods: 1 is linear, 2 is every pair by itself. */
const GROWTH_TARGET = 1.15;

/** The reachability matrix against cyclonus, and how its time grows. */
export async function benchNetwork(): Promise<Section> {
  const compared = [];
  for (const comparison of COMPARISONS) compared.push(await compare(comparison));
  const grown = growth();
  return {
    title: "Who reaches whom: the whole matrix on one port",
    text: [
      `From parsed objects to the answer for every pair of pods on port ${ASKED.port}/${ASKED.protocol}. cyclonus (its matcher, called`,
      "in process) gets the same Namespaces, Pods and NetworkPolicies and is asked pair by pair, as it works; where that would take",
      "too long it answers a sample, spread evenly over all pairs, and its time for all of them is in proportion.",
      `_Matrix_ is \`networkModel\` and \`reachMatrix\` in a warm process. The two take turns, ${ROUNDS} rounds, and the best of each`,
      "counts, so that other work on the machine matters least; _first call_ is one in a fresh thread, with no code compiled yet;",
      "_every cell_ adds one call of `matrixReaches` for each pair. A kind is a set of labels that pods of one",
      "namespace share, as the replicas of a Deployment do. The last rows are the worst case: no two pods alike.",
      "",
      table(
        [
          "namespaces × pods, kinds each, policies",
          "cyclonus",
          "matrix",
          "ratio",
          "target",
          "first call (ratio)",
          "with every cell (ratio)",
          "pairs that agree",
        ],
        compared.map((c) => c.row),
      ),
      "",
      grown.text,
    ].join("\n"),
    failures: [...compared.flatMap((c) => c.failures), ...grown.failures],
  };
}

async function compare(comparison: Comparison) {
  const { size, target } = comparison;
  const name = `${size.namespaces} × ${size.podsPerNamespace}, ${size.kindsPerNamespace}, ${size.policies}`;
  const cluster = makeCluster(size);
  const pairs = cluster.pods.length ** 2;
  const matrix = matrixOf(cluster);

  const first = await firstCall(size);
  const { ours, cyclonus, asked, allowed, differing } = await race(cluster, matrix, comparison);
  const read = ours + Math.min(...timeWarm(3, () => allowedPairs(matrix)));

  const failures = [];
  if (differing.length > 0)
    failures.push(
      `${name}: ${differing.length} pairs answered otherwise than cyclonus, like ${differing[0]}`,
    );
  if (target !== undefined && cyclonus / ours < target)
    failures.push(`${name}: ${ratio(cyclonus, ours)}, the target is ${target}×`);
  const sampled = comparison.sampleSeconds ? ` (from ${count(asked)} of ${count(pairs)} pairs)` : "";
  return {
    failures,
    row: [
      name,
      `${seconds(cyclonus)}${sampled}`,
      seconds(ours),
      `**${ratio(cyclonus, ours)}**`,
      target === undefined ? "" : `≥ ${count(target)}×`,
      `${seconds(first)} (${ratio(cyclonus, first)})`,
      `${seconds(read)} (${ratio(cyclonus, read)})`,
      `${count(asked - differing.length)} of ${count(asked)}; ${Math.round((100 * allowed) / asked)} % allowed`,
    ],
  };
}

/** Ours and cyclonus in turns: the best seconds of each for all pairs, and every pair of cyclonus compared. */
async function race(cluster: Cluster, matrix: ReachMatrix, { sampleSeconds = 0, runs }: Comparison) {
  const pairs = cluster.pods.length ** 2;
  let [ours, cyclonus] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [asked, allowed] = [0, 0];
  const differing: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours = Math.min(ours, ...timeWarm(runs, () => matrixOf(cluster)));
    const answer = await askCyclonus(cluster, { ...ASKED, sampleSeconds, first: asked % pairs });
    cyclonus = Math.min(cyclonus, answer.buildSeconds + (answer.pairSeconds * pairs) / answer.pairs);
    if (asked === pairs) continue; // all were compared in the round before
    differing.push(...disagreements(cluster, matrix, answer));
    asked += answer.pairs;
    allowed += answer.allowed;
  }
  return { ours, cyclonus, asked, allowed, differing };
}

/** The seconds of one call in a fresh thread: the best of as many threads as there are rounds. */
async function firstCall(size: ClusterSize): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const worker = new Worker(new URL("first-call.ts", import.meta.url), { workerData: size });
    const [answer] = await once(worker, "message");
    best = Math.min(best, answer as number);
  }
  return best;
}

function allowedPairs(matrix: ReachMatrix): number {
  const n = matrix.endpoints.length;
  let allowed = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (matrixReaches(matrix, i, j)) allowed++;
  return allowed;
}

/** The pairs that cyclonus answers otherwise, less a pod and itself: it always reaches itself, which cyclonus leaves out. */
function disagreements({ pods }: Cluster, matrix: ReachMatrix, answer: CyclonusAnswer): readonly string[] {
  const numberOf = new Map(matrix.endpoints.map((name, i) => [name, i]));
  const names = pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const numbers = names.map((name) => {
    const number = numberOf.get(name);
    if (number === undefined) throw new Error(`the matrix does not have ${name}`);
    return number;
  });
  const differing: string[] = [];
  for (let k = 0; k < answer.pairs; k++) {
    const { from, to, allowed } = answer.pair(k);
    if (from !== to && matrixReaches(matrix, numbers[from]!, numbers[to]!) !== allowed)
      differing.push(`${names[from]} to ${names[to]} (cyclonus: ${allowed ? "allowed" : "denied"})`);
  }
  return differing;
}

function growth() {
  const measured = GROWTH.map((podsPerNamespace) => {
    const cluster = makeCluster({ ...GROWTH_SIZE, podsPerNamespace });
    return { pods: cluster.pods.length, seconds: Math.min(...timeWarm(5, () => matrixOf(cluster))) };
  });
  const exponent = slope(measured.map((m) => [Math.log(m.pods), Math.log(m.seconds)]));
  const { namespaces, kindsPerNamespace, policies } = GROWTH_SIZE;
  return {
    text: [
      `Growth: ${namespaces} namespaces, ${policies} policies, always ${count(namespaces * kindsPerNamespace)} kinds of pods, more and more`,
      `pods of each. Best of 5. The time grows as pods to the power of **${exponent.toFixed(2)}** (1 is linear; target ≤ ${GROWTH_TARGET}).`,
      "",
      table(
        ["pods", "pairs", "matrix", "per pod"],
        measured.map((m) => [
          count(m.pods),
          count(m.pods ** 2),
          seconds(m.seconds),
          `${((m.seconds / m.pods) * 1e6).toFixed(1)} µs`,
        ]),
      ),
    ].join("\n"),
    failures:
      exponent > GROWTH_TARGET
        ? [`growth: pods to the power of ${exponent.toFixed(2)}, the target is ${GROWTH_TARGET}`]
        : [],
  };
}

/** Of the straight line nearest to the points (least squares). */
function slope(points: readonly (readonly number[])[]): number {
  const mean = (i: number) => points.reduce((sum, p) => sum + p[i]!, 0) / points.length;
  const [mx, my] = [mean(0), mean(1)];
  const above = points.reduce((sum, p) => sum + (p[0]! - mx) * (p[1]! - my), 0);
  return above / points.reduce((sum, p) => sum + (p[0]! - mx) ** 2, 0);
}
