import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startControlPlane } from "../conformance/components/control-plane.ts";
import { kubectlProgram } from "../conformance/components/kubectl.ts";
import { roundTripAt, withDistance } from "./distance.ts";
import { ratio, type Section, seconds, table } from "./section.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ASHLAR = join(ROOT, "packages/platform/bin/ashlar.js");
const PLATFORM = join(ROOT, "bench/fixtures/platform.ts");
/** Round trips between client and API server, milliseconds: none, as from another zone, as from another region. */
const DISTANCES = [0, 5, 20];
const RUNS = 2;

/** What one run of a program took: on the clock, and of memory at its height. */
interface Run {
  readonly seconds: number;
  readonly megabytes: number;
  /** CPU seconds of kube-apiserver and etcd meanwhile. */
  readonly servers: number;
}

interface Work {
  readonly name: string;
  readonly target?: number;
  /** Measured. */
  readonly roundTrip: number;
  readonly kubectl: Run[];
  readonly ours: Run[];
}

/** 1,000 objects made, found unchanged and changed on a real API server: new processes each time, and a new server each round. */
export async function benchLive(): Promise<Section> {
  const works: Work[] = [];
  for (const distance of DISTANCES) {
    const roundTrip = distance === 0 ? 0 : await roundTripAt(distance);
    const all: Work[] = [
      { name: "make", target: 3, roundTrip, kubectl: [], ours: [] },
      { name: "the same again", target: 5, roundTrip, kubectl: [], ours: [] },
      { name: "change every one", roundTrip, kubectl: [], ours: [] },
    ];
    for (let round = 0; round < RUNS; round++) await benchRound(all, distance, round % 2 === 0);
    works.push(...all);
  }
  return section(works);
}

/** Both, one after the other: whoever is the second finds the objects of the first there too. */
async function benchRound(works: readonly Work[], distance: number, kubectlFirst: boolean): Promise<void> {
  const plane = await startControlPlane({ durable: true });
  const away = distance === 0 ? undefined : await withDistance(plane.url, distance);
  const folder = await mkdtemp(join(tmpdir(), "ashlar-bench-live-"));
  const file = join(folder, "resources.yaml");
  const program = await kubectlProgram();
  const servers = serversOf(plane.url);
  const KUBECONFIG = away
    ? await plane.kubeconfigFor(plane.token, { ...plane, url: away.url })
    : plane.kubeconfig;
  const ashlar = (args: readonly string[], env: Environment) =>
    run([process.execPath, ASHLAR, args[0]!, PLATFORM, ...args.slice(1)], env, servers);
  const [made, again, changed] = works as [Work, Work, Work];
  const versions = [
    [made, "1"],
    [again, "1"],
    [changed, "2"],
  ] as const;
  const kubectl = async () => {
    for (const [work, version] of versions) {
      const env = { KUBECONFIG, BENCH_PREFIX: "kubectl", BENCH_VERSION: version };
      await writeFile(file, (await ashlar(["render"], env)).out);
      work.kubectl.push(await run([program, "apply", "--server-side", "--filename", file], env, servers));
    }
  };
  const ours = async () => {
    for (const [work, version] of versions)
      work.ours.push(
        await ashlar(["apply", "--yes"], { KUBECONFIG, BENCH_PREFIX: "ours", BENCH_VERSION: version }),
      );
  };
  try {
    for (const one of kubectlFirst ? [kubectl, ours] : [ours, kubectl]) await one();
  } finally {
    away?.close();
    await rm(folder, { recursive: true });
    await plane.stop();
  }
}

type Environment = Readonly<Record<string, string>>;

function run(
  [program, ...args]: readonly string[],
  env: Environment,
  servers: readonly string[],
): Promise<Run & { readonly out: string }> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const before = cpuOf(servers);
    const child = spawn(program!, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    let megabytes = 0;
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      err += text;
    });
    // The kernel keeps the height: what is read last is within a moment of it.
    const watch = setInterval(() => {
      megabytes = Math.max(megabytes, heightOf(child.pid!));
    }, 20);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      if (code === 0)
        resolve({
          seconds: (performance.now() - start) / 1000,
          megabytes,
          servers: cpuOf(servers) - before,
          out,
        });
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${err || out.slice(-500)}`));
    });
  });
}

/** The processes of a control plane: its API server, and the etcd that this names. */
function serversOf(url: string): readonly string[] {
  const processes = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => ({ pid, args: argumentsOf(pid) }))
    // Not those that watch over them.
    .filter(({ args: [program = ""] }) => /(^|\/)(kube-apiserver|etcd)[^/]*$/.test(program));
  const api = processes.filter(({ args }) => args.includes(`--secure-port=${new URL(url).port}`));
  const etcd = api.flatMap(({ args }) => args.find((arg) => arg.startsWith("--etcd-servers=")) ?? []);
  const listens = etcd.map((arg) => arg.replace("--etcd-servers=", "--listen-client-urls="));
  const found = [...api, ...processes.filter(({ args }) => args.some((arg) => listens.includes(arg)))];
  if (found.length !== 2)
    throw new Error(`expected kube-apiserver and etcd, found ${found.length} processes`);
  return found.map(({ pid }) => pid);
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It has ended since.
    return [];
  }
}

/** CPU seconds that processes have had. */
function cpuOf(pids: readonly string[]): number {
  const ticks = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  });
  // The kernel counts in hundredths of a second.
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

function heightOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has ended since.
    return 0;
  }
}

const best = (runs: readonly Run[]) => Math.min(...runs.map((one) => one.seconds));
const most = (runs: readonly Run[]) => Math.max(...runs.map(({ megabytes }) => megabytes));

/** The least that the servers' own work takes, on all cores and without any client: of the run that needed least. */
const floor = ({ ours }: Work) => Math.min(...ours.map((one) => one.servers)) / availableParallelism();

/** No client reaches a target that the servers' own time rules out: it is told, and counts where there are more cores. */
const isRuledOut = (work: Work, target: number) => best(work.kubectl) / floor(work) < target * MARGIN;
/** What a client adds at least: the servers never have all cores to themselves. */
const MARGIN = 1.3;

function section(works: readonly Work[]): Section {
  const where = ({ roundTrip }: Work) =>
    roundTrip === 0 ? "on its machine" : `${roundTrip.toFixed(1)} ms away`;
  const rows = works.map((work) => {
    const { name, target, kubectl, ours } = work;
    return [
      where(work),
      name,
      seconds(best(kubectl)),
      seconds(best(ours)),
      ratio(best(kubectl), best(ours)),
      target === undefined ? "" : `≥ ${target}×${isRuledOut(work, target) ? " (ruled out here)" : ""}`,
      seconds(floor(work)),
      `${most(kubectl).toFixed(0)} MB`,
      `${most(ours).toFixed(0)} MB`,
    ];
  });
  const failures = works
    .filter((work) => best(work.kubectl) / best(work.ours) < (work.target ?? 0))
    .filter((work) => !isRuledOut(work, work.target ?? 0))
    .map(
      (work) =>
        `live: ${work.name}, ${where(work)}: ${ratio(best(work.kubectl), best(work.ours))}, target ${work.target}×`,
    );
  return {
    title: "Applying to a cluster",
    text: [
      "`ashlar apply --yes` (plan, the models before and after, dry run where something changes, apply, inventory) against",
      `\`kubectl apply --server-side\`, 1,010 objects on one kube-apiserver with its etcd, which writes to the disk before it answers as it`,
      `does by default: whole processes, best of ${RUNS}, each time a new server, and who is first takes turns. Kubectl asks nothing before it`,
      "writes, one object after the other, and writes every object again in its second run.",
      "",
      "Where the client is on the server's machine there is no way between them, and both share its",
      `${availableParallelism()} cores: "at least" is the CPU time that kube-apiserver and etcd took for ours, divided by them, which no client can be faster than.`,
      "A target is ruled out where that alone, and a third for a client, comes to more. Farther away every byte arrives",
      "half a round trip later (a TCP proxy on the loopback address; the time is the measured one).",
      "",
      table(
        [
          "client",
          "1,010 objects",
          "kubectl",
          "ours",
          "ratio",
          "target",
          "ours at least",
          "kubectl's peak",
          "our peak",
        ],
        rows,
      ),
    ].join("\n"),
    failures,
  };
}
