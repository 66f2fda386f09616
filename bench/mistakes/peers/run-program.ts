import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; an exit code other than 0 is an answer, a program that cannot run an error. */
export async function runProgram(program: string, args: readonly string[]): Promise<Outcome> {
  try {
    return { code: 0, ...(await run(program, args, { maxBuffer: 64 * 2 ** 20, timeout: 60_000 })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout: string; stderr: string };
    if (typeof code !== "number") throw error;
    return { code, stdout, stderr };
  }
}
