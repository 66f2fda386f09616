import { spawn } from "node:child_process";
import { goProgram } from "../conformance/components/go.ts";
import type { Cluster } from "./cluster.ts";

/** What cyclonus answered, and how long it took. */
export interface CyclonusAnswer {
  /** Reading the policies into its own form. */
  readonly buildSeconds: number;
  readonly pairSeconds: number;
  /** How many pairs it answered. */
  readonly pairs: number;
  /** How many of them it allows. */
  readonly allowed: number;
  /** The k-th pair that it was asked: pods by number, and whether the first may reach the second. */
  readonly pair: (k: number) => { readonly from: number; readonly to: number; readonly allowed: boolean };
}

export interface CyclonusQuestion {
  readonly port: number;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  /** Stop after so many seconds; absent: every pair. */
  readonly sampleSeconds?: number;
  /** Where in the order of pairs a sample begins: one after another they cover new pairs. */
  readonly first?: number;
}

/** A prime that divides no number of pods here: a sample is spread evenly over senders and receivers. */
const STRIDE = 10_007;

/** Asks cyclonus' matcher (the Go module, in one process of its own) about pairs of pods. */
export async function askCyclonus(
  { namespaces, pods, policies }: Cluster,
  { port, protocol, sampleSeconds = 0, first = 0 }: CyclonusQuestion,
): Promise<CyclonusAnswer> {
  const program = await goProgram("cyclonus", { modules: new URL("go/", import.meta.url) });
  const stride = sampleSeconds === 0 ? 1 : STRIDE;
  const question = { namespaces, pods, policies, port, protocol, sampleSeconds, stride, first };
  const answer = JSON.parse(await run(program, JSON.stringify(question))) as {
    readonly buildSeconds: number;
    readonly pairSeconds: number;
    readonly pairs: number;
    readonly allowed: number;
    readonly bits: string;
  };
  const bits = Buffer.from(answer.bits, "base64");
  const all = pods.length ** 2;
  return {
    ...answer,
    pair: (k) => {
      const number = ((first + k) * stride) % all;
      return {
        from: Math.floor(number / pods.length),
        to: number % pods.length,
        allowed: ((bits[k >> 3]! >> (k & 7)) & 1) === 1,
      };
    },
  };
}

/** Runs a program with a text on its standard input; what it writes. */
async function run(program: string, input: string): Promise<string> {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => undefined); // it ended early: the exit code tells
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return Buffer.concat(chunks).toString("utf8");
}
