import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** How a command runs that is executed in the containers that this rule matches; without a rule, as it is. */
export interface ExecRule {
  /** Patterns with `*`, `?` and `[…]`; absent: all. The pods of a Deployment `web` are `web-*`. */
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  /** All that a command has beside `PATH` and `HOSTNAME` (the pod's name). With another `PATH` a pod has other programs. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that the command runs in. */
  readonly dir?: string;
  /** A program, and its arguments, that gets the command as further arguments: `["sh", "/tmp/pod.sh"]`, `["unshare", "-n"]`. */
  readonly through?: readonly string[];
  /** Nothing runs: the container runtime says this. */
  readonly refuse?: string;
}

/** The file that the kubelet reads the rules from, each time that a command is executed. */
export function execRulesFile(folder: string): string {
  return join(folder, "exec-rules.json");
}

export async function writeExecRules(folder: string, rules: readonly ExecRule[]): Promise<void> {
  const file = execRulesFile(folder);
  await writeFile(`${file}.new`, JSON.stringify(rules));
  await rename(`${file}.new`, file);
}
