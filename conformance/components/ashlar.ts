import { type ExecFileException, execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Said } from "./run-kubectl.ts";

const BIN = fileURLToPath(new URL("../../packages/platform/src/cli/bin.ts", import.meta.url));

export interface AshlarOptions {
  readonly kubeconfig?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
}

/** Runs the command from source, as a process of its own, to its end. */
export function runAshlar(args: readonly string[], options: AshlarOptions = {}): Promise<Said> {
  const { kubeconfig, env = {}, cwd, input } = options;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--conditions=@ashlar/source", BIN, ...args],
      {
        env: {
          ...process.env,
          NO_COLOR: "1",
          ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }),
          ...env,
        },
        maxBuffer: 1 << 28,
        ...(cwd !== undefined && { cwd }),
      },
      (error: ExecFileException | null, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}
