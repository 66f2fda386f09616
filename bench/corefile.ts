import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCorefile } from "@ashlar/dns";
import { goProgram } from "../conformance/components/go.ts";
import { count, ratio, type Section, seconds, table, timeWarm } from "./section.ts";

const RUNS = 9;

const blocks = (n: number): string =>
  Array.from(
    { length: n },
    (_, i) =>
      `zone${i}.example.test:53 {\n    errors\n    cache 30\n    forward . 10.0.${i % 250}.1 {\n        max_concurrent 1000\n    }\n}\n`,
  ).join("");
const imports = (n: number): string => `(s) {\n    errors\n    log\n}\n. {\n${"    import s\n".repeat(n)}}\n`;

interface Case {
  readonly name: string;
  readonly text: string;
  /** How many times as long as ours Go has to take. */
  readonly target?: number;
  /** Too slow in Go to run more than once. */
  readonly once?: boolean;
}

const CASES: readonly Case[] = [
  { name: "1,000 blocks", text: blocks(1_000) },
  { name: "10,000 blocks", text: blocks(10_000), target: 1 },
  { name: "100,000 blocks", text: blocks(100_000), once: true },
  { name: "1,000 imports", text: imports(1_000) },
  { name: "9,999 imports", text: imports(9_999), target: 100, once: true },
];

/** Parsing a Corefile, against the parser that CoreDNS uses. */
export async function corefileSection(): Promise<Section> {
  const program = await goProgram("corefile");
  const folder = mkdtempSync(join(tmpdir(), "ashlar-bench-"));
  try {
    const measured = CASES.map((one, i) => {
      const file = join(folder, `${i}`);
      writeFileSync(file, one.text);
      const answer = execFileSync(program, ["bench", one.once ? "1" : `${RUNS}`, file], { encoding: "utf8" });
      const go = Math.min(...(JSON.parse(answer) as number[]));
      const { findings } = parseCorefile(one.text);
      if (findings.length > 0) throw new Error(`${one.name}: ${findings[0]?.message}`);
      return { ...one, go, ours: Math.min(...timeWarm(one.once ? 3 : RUNS, () => parseCorefile(one.text))) };
    });
    return { title: "Reading a Corefile", text: textOf(measured), failures: failuresOf(measured) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Measured = Case & { readonly go: number; readonly ours: number };

function textOf(measured: readonly Measured[]): string {
  const rows = measured.map(({ name, text, go, ours, target }) => [
    name,
    `${count(text.length / 1000)} kB`,
    seconds(go),
    seconds(ours),
    ratio(go, ours),
    target === undefined ? "" : `${target}×`,
  ]);
  return [
    "`parseCorefile` reads words, makes the tree that keeps every byte, and runs the file as CoreDNS would, snippets and imports among it; the Go parser",
    "(github.com/coredns/caddy 1.1.4, the one in CoreDNS) makes the blocks alone. Best of several runs, the same texts, one after the other.",
    "",
    table(["file", "size", "Go", "ours", "Go / ours", "target"], rows),
  ].join("\n");
}

function failuresOf(measured: readonly Measured[]): string[] {
  const slow = measured.flatMap(({ name, go, ours, target }) =>
    target !== undefined && go / ours < target
      ? `Corefile, ${name}: ${ratio(go, ours)} of Go's time, the target is ${target}×`
      : [],
  );
  const time = (name: string) => measured.find((one) => one.name === name)!.ours;
  const growth = time("100,000 blocks") / time("10,000 blocks");
  return growth > 20
    ? [...slow, `Corefile: ten times the blocks take ${growth.toFixed(1)} times as long; linear is 10`]
    : slow;
}
