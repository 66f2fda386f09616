import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Order } from "./child.ts";
import { SOURCES } from "./platform.ts";

const SOURCE = "--conditions=@ashlar/source";
const child = fileURLToPath(new URL("child.ts", import.meta.url));
const bin = fileURLToPath(new URL("../../packages/platform/src/cli/bin.ts", import.meta.url));

/** A process of child.ts. */
export interface Child {
  readonly process: ChildProcess;
  readonly send: (order: Order) => void;
  /** How the run ended, by its own words: `done`, or the code of its error. */
  readonly ended: () => string | undefined;
  /** What it wrote to standard error. */
  readonly said: { readonly err: string };
  readonly exit: Promise<Exit>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Starts processes ahead of their use. */
export function nursery(kubeconfig: string, cache: string) {
  let next = start(kubeconfig, cache);
  return {
    take: () => {
      const taken = next;
      next = start(kubeconfig, cache);
      return taken;
    },
    close: async () => (await next).process.kill("SIGKILL"),
  };
}

async function start(kubeconfig: string, cache: string): Promise<Child> {
  const process_ = spawn(process.execPath, [SOURCE, child, kubeconfig], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let ended: string | undefined;
  const said = { err: "" };
  process_.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said.err += text;
  });
  const exit = exitOf(process_);
  process_.on("message", (word: { readonly ended?: string }) => {
    ended = word.ended;
  });
  await Promise.race([once(process_, "message"), exit]);
  if (process_.exitCode !== null) throw new Error(`the process did not start: ${said.err}`);
  return {
    process: process_,
    send: (order) => process_.send(order),
    ended: () => ended,
    said,
    exit,
  };
}

/** The real command, from its source. */
export function ashlar(
  args: readonly string[],
  cache: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string } = {},
) {
  const env = { ...process.env, ...SOURCES.env, NODE_COMPILE_CACHE: cache, ...options.env };
  const process_ = spawn(process.execPath, [SOURCE, bin, ...args], {
    env,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  for (const [name, stream] of [
    ["out", process_.stdout],
    ["err", process_.stderr],
  ] as const)
    stream.setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  return { process: process_, said, exit: exitOf(process_) };
}

function exitOf(process_: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    process_.once("close", (code, signal) => resolve({ code, signal }));
  });
}
