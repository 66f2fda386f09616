import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Section, table } from "./section.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const RUNS = 15;

interface Start {
  readonly name: string;
  readonly args: readonly string[];
  /** CPU milliseconds over bare Node, at most. */
  readonly target?: number;
  readonly total?: number;
}

const TARGETS: ReadonlyMap<string, number> = new Map([
  // Every model and rule of every package: what a checker needs, and a platform file does not load.
  ["ashlar/check", 50],
  // It brings "ashlar", which whoever has a platform has loaded.
  ["ashlar/live", 40],
]);

const STARTS: readonly Start[] = [
  { name: "node alone", args: ["-e", "0"] },
  ...entries().map((name) => ({
    name: `import "${name}"`,
    args: ["--input-type=module", "-e", `import ${JSON.stringify(name)}`],
    target: TARGETS.get(name) ?? 25,
  })),
  {
    name: "ashlar render examples/strix",
    args: [join(ROOT, "packages/platform/bin/ashlar.js"), "render", "examples/strix/platform.ts"],
    total: 120,
  },
];

/** Every entry of every package. */
function entries(): readonly string[] {
  return readdirSync(join(ROOT, "packages")).flatMap((folder) => {
    const { name, exports } = JSON.parse(
      readFileSync(join(ROOT, "packages", folder, "package.json"), "utf8"),
    ) as { readonly name: string; readonly exports: Readonly<Record<string, unknown>> };
    const paths = Object.keys(exports).filter((path) => path !== "./package.json");
    return paths.map((path) => name + path.slice(1));
  });
}

/** What it costs to start: a new process each time, warm disk and compile cache, CPU time of user and system. */
export async function benchStart(): Promise<Section> {
  execFileSync(process.execPath, ["scripts/build.ts"], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, PATH: `${join(ROOT, "node_modules/.bin")}:${process.env.PATH}` },
  });
  const folder = mkdtempSync(join(tmpdir(), "ashlar-start-"));
  const failures: string[] = [];
  try {
    const meter = join(folder, "meter.cjs");
    writeFileSync(
      meter,
      `process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write("\\nCPU " + (user + system) / 1000 + "\\n"); });`,
    );
    const best = STARTS.map(({ args }) =>
      Math.min(...Array.from({ length: RUNS }, () => cpuOf(meter, args))),
    );
    const floor = best[0]!;
    const rows = STARTS.map(({ name, target, total }, i) => {
      const ms = best[i]!;
      if (target !== undefined && ms - floor > target)
        failures.push(`start: ${name} costs ${(ms - floor).toFixed(0)} ms over Node, target ${target}`);
      if (total !== undefined && ms > total)
        failures.push(`start: ${name} takes ${ms.toFixed(0)} ms, target ${total}`);
      const limit =
        target !== undefined ? `≤ ${target} ms over Node` : total !== undefined ? `≤ ${total} ms` : "";
      return [name, `${ms.toFixed(0)} ms`, i === 0 ? "" : `${(ms - floor).toFixed(0)} ms`, limit];
    });
    return {
      title: "Starting",
      text: [
        `CPU time of a new process (user and system, as the process itself measures it), best of ${RUNS}, disk and Node's compile cache warm.`,
        "",
        table(["what", "CPU", "over Node", "target"], rows),
      ].join("\n"),
      failures,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cpuOf(meter: string, args: readonly string[]): number {
  const { stderr, status } = spawnSync(process.execPath, ["--require", meter, ...args], {
    cwd: join(ROOT, "bench").replace(/bench$/, args[0]?.endsWith("ashlar.js") ? "" : "bench"),
    encoding: "utf8",
  });
  const match = /CPU ([\d.]+)/.exec(stderr);
  if (status !== 0 || !match) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  return Number(match[1]);
}
