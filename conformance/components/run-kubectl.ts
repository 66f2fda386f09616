import { type ExecFileException, execFile } from "node:child_process";
import { kubectlProgram } from "./kubectl.ts";

/** What a program said and how it ended. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a real kubectl to its end, whichever that is.
 *
 * @param input its standard input; empty by default
 * @example const { code, err } = await runKubectl(["exec", "web", "--", "nc", "-z", "db", "5432"], plane.kubeconfig);
 */
export async function runKubectl(args: readonly string[], kubeconfig: string, input?: string): Promise<Said> {
  const program = await kubectlProgram();
  return new Promise((resolve) => {
    const options = { env: { ...process.env, KUBECONFIG: kubeconfig } };
    const child = execFile(program, args, options, (error: ExecFileException | null, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    child.stdin?.end(input);
  });
}

/**
 * What kubectl prints when it ends well.
 *
 * @throws Error with its words when it does not
 */
export async function kubectlOutput(args: readonly string[], kubeconfig: string): Promise<string> {
  const { code, out, err } = await runKubectl(args, kubeconfig);
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${err}`);
  return out;
}
