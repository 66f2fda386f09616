import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startControlPlane } from "../conformance/components/control-plane.ts";
import { kubectlProgram } from "../conformance/components/kubectl.ts";
import { ratio, type Section, seconds, table } from "./section.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ASHLAR = join(ROOT, "packages/platform/bin/ashlar.js");
const PLATFORM = join(ROOT, "bench/fixtures/platform.ts");
const RUNS = 3;

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
  readonly kubectl: Run[];
  readonly ours: Run[];
}

/** 1,000 objects made, changed and found unchanged on a real API server: new processes each time, kubectl and ours in turn. */
export async function benchLive(): Promise<Section> {
  const plane = await startControlPlane();
  const folder = await mkdtemp(join(tmpdir(), "ashlar-bench-live-"));
  const kubectl = await kubectlProgram();
  const servers = serversOf(plane.url);
  const works: Work[] = [
    { name: "make 1,000 objects", target: 3, kubectl: [], ours: [] },
    { name: "the same again: nothing changes", target: 5, kubectl: [], ours: [] },
    { name: "change every one of them", kubectl: [], ours: [] },
  ];
  const [made, again, changed] = works as [Work, Work, Work];
  const rendered = async (env: Environment): Promise<string> => {
    const file = join(folder, "resources.yaml");
    const { out } = await run([process.execPath, ASHLAR, "render", PLATFORM], env, servers);
    await writeFile(file, out);
    return file;
  };
  const byKubectl = async (env: Environment) =>
    run([kubectl, "apply", "--server-side", "--filename", await rendered(env)], env, servers);
  const byOurs = (env: Environment) =>
    run([process.execPath, ASHLAR, "apply", PLATFORM, "--yes"], env, servers);
  try {
    for (let i = 0; i < RUNS; i++) {
      const env = (who: string, version: string) => ({
        KUBECONFIG: plane.kubeconfig,
        BENCH_PREFIX: `${who}-${i}`,
        BENCH_VERSION: version,
      });
      made.kubectl.push(await byKubectl(env("kubectl", "1")));
      made.ours.push(await byOurs(env("ours", "1")));
      again.kubectl.push(await byKubectl(env("kubectl", "1")));
      again.ours.push(await byOurs(env("ours", "1")));
      changed.kubectl.push(await byKubectl(env("kubectl", "2")));
      changed.ours.push(await byOurs(env("ours", "2")));
    }
    return section(works);
  } finally {
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
  const rows = works.map((work) => {
    const { name, target, kubectl, ours } = work;
    return [
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
      ({ name, target, kubectl, ours }) =>
        `live: ${name}: ${ratio(best(kubectl), best(ours))}, target ${target}×`,
    );
  return {
    title: "Applying to a cluster",
    text: [
      "`ashlar apply --yes` (plan, the models before and after, dry run where something changes, apply, inventory) against",
      `\`kubectl apply --server-side\`, on one kube-apiserver: whole processes, best of ${RUNS}, in turn. Servers and clients share`,
      `${availableParallelism()} cores: "at least" is the CPU time that kube-apiserver and etcd took for ours, divided by them, which no client can be faster than.`,
      "A target is ruled out where that alone, and a third for a client, comes to more.",
      "Kubectl asks nothing before it writes, and writes every object again in its second run.",
      "",
      table(
        [
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
