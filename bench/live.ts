import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
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
  const works: Work[] = [
    { name: "make 1,000 objects", target: 3, kubectl: [], ours: [] },
    { name: "the same again: nothing changes", target: 5, kubectl: [], ours: [] },
    { name: "change every one of them", kubectl: [], ours: [] },
  ];
  const [made, again, changed] = works as [Work, Work, Work];
  const rendered = async (env: Environment): Promise<string> => {
    const file = join(folder, "resources.yaml");
    const { out } = await run([process.execPath, ASHLAR, "render", PLATFORM], env);
    await writeFile(file, out);
    return file;
  };
  const byKubectl = async (env: Environment) =>
    run([kubectl, "apply", "--server-side", "--filename", await rendered(env)], env);
  const byOurs = (env: Environment) => run([process.execPath, ASHLAR, "apply", PLATFORM, "--yes"], env);
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
): Promise<Run & { readonly out: string }> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
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
      if (code === 0) resolve({ seconds: (performance.now() - start) / 1000, megabytes, out });
      else reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${err || out.slice(-500)}`));
    });
  });
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

function section(works: readonly Work[]): Section {
  const rows = works.map(({ name, target, kubectl, ours }) => [
    name,
    seconds(best(kubectl)),
    seconds(best(ours)),
    ratio(best(kubectl), best(ours)),
    target === undefined ? "" : `≥ ${target}×`,
    `${most(kubectl).toFixed(0)} MB`,
    `${most(ours).toFixed(0)} MB`,
  ]);
  const failures = works
    .filter(({ target = 0, kubectl, ours }) => best(kubectl) / best(ours) < target)
    .map(
      ({ name, target, kubectl, ours }) =>
        `live: ${name}: ${ratio(best(kubectl), best(ours))}, target ${target}×`,
    );
  return {
    title: "Applying to a cluster",
    text: [
      "`ashlar apply --yes` (plan, the models before and after, dry run where something changes, apply, inventory) against `kubectl apply --server-side`, on the same kube-apiserver",
      `and etcd on the same machine: whole processes, best of ${RUNS}, in turn. Server and client share two cores, so that most of the time of making and changing is the server's.`,
      "Kubectl checks nothing before it writes, and its second run writes every object again.",
      "",
      table(["1,010 objects", "kubectl", "ours", "ratio", "target", "kubectl's peak", "our peak"], rows),
    ].join("\n"),
    failures,
  };
}
