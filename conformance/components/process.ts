import { spawn } from "node:child_process";
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

/** A TCP port of the loopback address that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the loopback address gave no port");
  return address.port;
}
