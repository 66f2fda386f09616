import { type ExecFileException, execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { shellCommand } from "@ashlar/core";
import type { Said } from "./run-kubectl.ts";

const BIN = fileURLToPath(new URL("../../packages/platform/src/cli/bin.ts", import.meta.url));

export interface AshlarOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** The command from source. */
export const ASHLAR = [process.execPath, "--conditions=@ashlar/source", BIN];

function environment({ kubeconfig, env = {} }: AshlarOptions) {
  return {
    ...process.env,
    NO_COLOR: "1",
    ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
    ...env,
  };
}

/** Runs the command from source, as a process of its own, to its end. */
export function runAshlar(args: readonly string[], options: AshlarOptions = {}): Promise<Said> {
  const { cwd, input } = options;
  const [program, ...before] = ASHLAR as [string, ...string[]];
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...before, ...args],
      {
        env: environment(options),
        maxBuffer: 1 << 28,
        ...(cwd !== undefined && { cwd }),
      },
      (error: ExecFileException | null, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}

/** What whoever sits at a terminal saw, and how it ended. */
export interface Shown {
  readonly code: number;
  readonly screen: string;
}

/**
 * Runs the command at a terminal (a pseudo terminal of util-linux' `script`), and types keys when it has asked.
 *
 * @param keys `yes\r`, or what Ctrl-C sends: `\u0003`
 */
export function runAtTerminal(
  args: readonly string[],
  keys: string,
  options: Pick<AshlarOptions, "kubeconfig"> = {},
): Promise<Shown> {
  const command = shellCommand([...ASHLAR, ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      env: environment(options),
    });
    let screen = "";
    let isAnswered = false;
    const shown = (bytes: Buffer) => {
      screen += bytes.toString("utf8");
      if (isAnswered || !screen.includes("[y/N] ")) return;
      isAnswered = true;
      child.stdin.write(keys);
    };
    child.stdout.on("data", shown);
    child.stderr.on("data", shown);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, screen }));
  });
}
