import { spawn } from "node:child_process";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type GoProgramOptions, goProgram } from "./go.ts";
import { freePort, startProcess } from "./process.ts";

/** A Corefile with what it is read in: files by path below its folder, and the environment. */
export interface CorefileCase {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether CoreDNS would start. */
export interface CorednsVerdict {
  readonly ok: boolean;
  /** What it would listen on, sorted: `dns://:53`; empty when it would not start. */
  readonly servers: readonly string[];
  /** What it would serve, in the order of the blocks and keys: `dns://example.test.:53`. */
  readonly zones: readonly string[];
  /** CoreDNS's own words; empty when it would start. */
  readonly error: string;
}

/**
 * What CoreDNS 1.15.0 says of Corefiles, by its whole start path without a socket: words, blocks, keys, the setup of every plugin and
 * overlaps of zones. Runs without a network, as a pod of a cluster (the kubernetes plugin finds a token and an address).
 *
 * Answers come in the order of the cases; about 1 ms for each, and 0.2 s to start. Needs Linux and the right to make name spaces.
 *
 * @throws Error when the program ends early: a case that ends CoreDNS itself
 */
export async function corednsCheck(cases: readonly CorefileCase[]): Promise<CorednsVerdict[]> {
  return (await askProgram("coredns", ["check"], cases)) as CorednsVerdict[];
}

/** One JSON answer for each JSON line given to one of our Go programs. */
export async function askProgram(
  program: string,
  args: readonly string[],
  cases: readonly unknown[],
  options?: GoProgramOptions,
): Promise<unknown[]> {
  const child = spawn(await goProgram(program, options), args, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const chunks: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
  // Old releases complain about every case's surroundings here; shown when the program fails.
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said = (said + chunk).slice(-2000);
  });
  child.stdin.on("error", () => undefined); // it ended early: the count below says so
  child.stdin.end(cases.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const code = await ended;
  const answers = chunks
    .join("")
    .split("\n")
    .filter((line) => line !== "");
  if (code !== 0 || answers.length !== cases.length)
    throw new Error(
      `${program} ended with ${code} after ${answers.length} of ${cases.length} answers; the case it ended at: ` +
        `${JSON.stringify(cases[answers.length])}\nIt said:\n${said.trim()}`,
    );
  return answers.map((line) => JSON.parse(line) as unknown);
}

export interface RunningCoredns {
  /** Where it answers DNS, UDP and TCP, on 127.0.0.1. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * The real CoreDNS, started in a folder with its files, and answering. The Corefile's keys have the port `PORT`, as in `.:PORT`, which a free one replaces; use
 * `127.0.0.1` in every `bind`, `forward`, `health` and so on.
 *
 * @param env added to an environment that is empty but for PATH
 * @throws Error with CoreDNS's last lines when it does not start within 20 s
 * @example const dns = await startCoreDns({ corefile: ".:PORT {\n  bind 127.0.0.1\n  whoami\n}\n" });
 */
export async function startCoreDns({
  corefile,
  files = {},
  env = {},
}: {
  readonly corefile: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<RunningCoredns> {
  const program = await goProgram("coredns");
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), "ashlar-coredns-"));
  for (const [name, text] of Object.entries({ ...files, Corefile: corefile.replaceAll("PORT", `${port}`) })) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const coredns = startProcess(
    "/usr/bin/env",
    ["-i", "-C", folder, `PATH=${process.env.PATH}`, ...pairs, program, "-conf", join(folder, "Corefile")],
    folder,
  );
  const until = Date.now() + 20_000;
  while (!(await answersTcp(port))) {
    if (coredns.ended() || Date.now() > until) {
      await coredns.stop();
      throw new Error(`CoreDNS did not start:\n${coredns.log()}`);
    }
    await sleep(50);
  }
  return { port, stop: coredns.stop };
}

function answersTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
