import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseCorefile } from "@ashlar/dns";
import { goProgram } from "../conformance/components/go.ts";
import { count, ratio, type Section, seconds, table, timeWarm } from "./section.ts";

const RUNS = 40;
const FRESH = 5;

const blocks = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) =>
      `zone${i}.example.test:53 {\n    errors\n    cache 30\n    forward . 10.0.${i % 250}.1 {\n        max_concurrent 1000\n    }\n}\n`,
  ).join("");
const imports = (n: number): string => `(s) {\n    errors\n    log\n}\n. {\n${"    import s\n".repeat(n)}}\n`;

/** Seconds of one call: on the clock, and of all threads together, those of the garbage collector and the compiler among them. */
interface Time {
  readonly wall: number;
  readonly cpu: number;
}

interface Case {
  readonly name: string;
  readonly text: string;
  /** How many times as long as ours Go has to take. */
  readonly target?: number;
  /** How often to run it, where {@link RUNS} times would take too long. */
  readonly goRuns?: number;
  readonly runs?: number;
}

const CASES: readonly Case[] = [
  { name: "1,000 blocks", text: blocks(1_000) },
  { name: "10,000 blocks", text: blocks(10_000), target: 1 },
  { name: "100,000 blocks", text: blocks(100_000), goRuns: 3, runs: 5 },
  { name: "1,000 imports", text: imports(1_000) },
  { name: "9,999 imports", text: imports(9_999), target: 100, goRuns: 2 },
];

const DETAILED = "10,000 blocks";

/** Parsing a Corefile, against the parser that CoreDNS uses. */
export async function corefileSection(): Promise<Section> {
  const program = await goProgram("corefile");
  const folder = mkdtempSync(join(tmpdir(), "ashlar-bench-"));
  try {
    const measured = CASES.map((one, i): Measured => {
      const file = join(folder, `${i}`);
      writeFileSync(file, one.text);
      const { findings } = parseCorefile(one.text);
      if (findings.length > 0) throw new Error(`${one.name}: ${findings[0]?.message}`);
      const go = goTimes(program, one.goRuns ?? RUNS, file);
      const ours = warmTimes(one.runs ?? RUNS, () => parseCorefile(one.text));
      if (one.name !== DETAILED) return { ...one, go, ours };
      const fresh = Array.from({ length: FRESH }, () => ({
        go: goTimes(program, 1, file)[0]!,
        ours: firstTime(file),
      }));
      return { ...one, go, ours, fresh };
    });
    return { title: "Reading a Corefile", text: textOf(measured), failures: failuresOf(measured) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Measured extends Case {
  readonly go: readonly Time[];
  readonly ours: readonly Time[];
  /** The first call of a new process, a few times. */
  readonly fresh?: readonly { readonly go: Time; readonly ours: Time }[];
}

function goTimes(program: string, runs: number, file: string): Time[] {
  return JSON.parse(execFileSync(program, ["bench", `${runs}`, file], { encoding: "utf8" })) as Time[];
}

function warmTimes(runs: number, work: () => unknown): Time[] {
  timeWarm(0, work);
  return Array.from({ length: runs }, () => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(used);
    return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
  });
}

const FIRST_CALL = `
import { readFileSync } from "node:fs";
import { parseCorefile } from "@ashlar/dns";
const text = readFileSync(process.argv[1], "utf8");
const [start, used] = [performance.now(), process.cpuUsage()];
parseCorefile(text);
const { user, system } = process.cpuUsage(used);
console.log(JSON.stringify({ wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 }));`;

function firstTime(file: string): Time {
  const args = [...process.execArgv, "--input-type=module", "-e", FIRST_CALL, file];
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: "utf8" })) as Time;
}

const best = (times: readonly Time[], key: keyof Time): number => Math.min(...times.map((time) => time[key]));
const mean = (times: readonly Time[], key: keyof Time): number =>
  times.reduce((sum, time) => sum + time[key], 0) / times.length;
const median = (times: readonly Time[], key: keyof Time): number =>
  times.map((time) => time[key]).sort((a, b) => a - b)[times.length >> 1]!;

function textOf(measured: readonly Measured[]): string {
  const rows = measured.map(({ name, text, go, ours, target }) => [
    name,
    `${count(text.length / 1000)} kB`,
    seconds(mean(go, "cpu")),
    seconds(mean(ours, "cpu")),
    ratio(mean(go, "cpu"), mean(ours, "cpu")),
    target === undefined ? "" : `${target}×`,
  ]);
  const { go, ours, fresh = [] } = measured.find(({ name }) => name === DETAILED)!;
  const [freshGo, freshOurs] = [fresh.map((one) => one.go), fresh.map((one) => one.ours)];
  const details = [
    ["CPU, mean", mean(go, "cpu"), mean(ours, "cpu")],
    ["CPU, best", best(go, "cpu"), best(ours, "cpu")],
    ["CPU, median", median(go, "cpu"), median(ours, "cpu")],
    ["clock, median", median(go, "wall"), median(ours, "wall")],
    ["first call of a new process: CPU, best", best(freshGo, "cpu"), best(freshOurs, "cpu")],
    ["first call of a new process: clock, best", best(freshGo, "wall"), best(freshOurs, "wall")],
  ] as const;
  return [
    "`parseCorefile` reads words, makes the tree that keeps every byte, and runs the file as CoreDNS would, snippets and imports among it; the Go parser",
    "(github.com/coredns/caddy 1.1.4, the one in CoreDNS) makes the blocks alone. CPU time of all threads, garbage collection among it; warm, the mean of",
    `${RUNS} runs (of a few for the long ones); the same texts, one after the other.`,
    "",
    table(["file", "size", "Go", "ours", "Go / ours", "target"], rows),
    "",
    `${DETAILED} in more ways: a best run is one in which no garbage was collected, and in ${FRESH} new processes nothing of ours is compiled yet.`,
    "",
    table(
      ["time", "Go", "ours", "Go / ours"],
      details.map(([name, theirs, own]) => [name, seconds(theirs), seconds(own), ratio(theirs, own)]),
    ),
  ].join("\n");
}

function failuresOf(measured: readonly Measured[]): string[] {
  const slow = measured.flatMap(({ name, go, ours, target }) =>
    target !== undefined && mean(go, "cpu") / mean(ours, "cpu") < target
      ? `Corefile, ${name}: ${ratio(mean(go, "cpu"), mean(ours, "cpu"))} of Go's time, the target is ${target}×`
      : [],
  );
  const time = (name: string) => mean(measured.find((one) => one.name === name)!.ours, "cpu");
  const growth = time("100,000 blocks") / time(DETAILED);
  // Garbage collection costs more for a tree of 200 MB than for one of 20. What grows with the square takes 100 times as long.
  return growth > 50
    ? [...slow, `Corefile: ten times the blocks take ${growth.toFixed(1)} times as long; linear is 10`]
    : slow;
}
