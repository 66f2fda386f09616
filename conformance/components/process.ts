import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** A component that runs for as long as this process does, at most. */
export interface RunningProcess {
  /** The last lines that it wrote, for messages about why it failed. */
  readonly log: () => string;
  /** Whether it ended by itself. */
  readonly ended: () => boolean;
  /** Ends it and removes its folder; resolves when both are done. */
  readonly stop: () => Promise<void>;
}

const LOG_CHARACTERS = 8_000;
const guard = fileURLToPath(new URL("guard.ts", import.meta.url));

/**
 * Starts a program that keeps all its state in `folder`. Program and folder are gone after `stop()`, and also when this
 * process ends without it: by an exception, Ctrl-C, SIGTERM or SIGKILL (see guard.ts).
 *
 * @param env its environment, for secrets; that of this process by default
 */
export function startProcess(
  program: string,
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): RunningProcess {
  // A session of its own: a Ctrl-C reaches the guard as the end of this process, not in the middle of our clean-up.
  const child = spawn(process.execPath, [guard, folder, program, ...args], {
    detached: true,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.unref();
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      log = (log + chunk).slice(-LOG_CHARACTERS);
    });
  }
  child.stdin.on("error", () => undefined); // the guard is gone already
  const exited = new Promise<void>((resolve) => {
    child.once("error", () => resolve()).once("exit", () => resolve());
  });
  return {
    log: () => log.trim(),
    ended: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      child.stdin.end();
      child.ref();
      await exited;
    },
  };
}

/** Below the ports that Linux gives to outgoing connections, which would take one before the component listens. */
const PORTS = { from: 12_000, below: 32_000 };
const handedOut = new Set<number>();

/** A TCP port of the loopback address that nobody listens on now, and that nobody was given before. */
export async function freePort(): Promise<number> {
  for (let tries = 1; tries <= 1000; tries++) {
    const port = randomInt(PORTS.from, PORTS.below);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error("the loopback address has no free port");
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server
      .once("error", () => resolve(false))
      .listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
