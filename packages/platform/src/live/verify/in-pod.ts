import { type ExecAnswer, execInPod, LiveError } from "@ashlar/core/live";
import type { Asking } from "./asking.ts";
import { CONNECT_TOOLS, type Connection, type ConnectTool, isNoProgram } from "./connect-tools.ts";
import type { LivePod } from "./pods.ts";

/** What a command in a pod gave; `problem`: it did not run, `missing`: since no container has the program. */
export type PodAnswer = ExecAnswer | { readonly problem: string; readonly missing?: true };

/** What came of a connection that a pod was to make. */
export type Seen =
  | { readonly what: Connection; readonly tool: string }
  | { readonly what: "unsent"; readonly text: string };

/** Runs commands in pods, in the container that has the program. */
export interface InPods {
  readonly run: (pod: LivePod, argv: readonly string[], seconds: number) => Promise<PodAnswer>;
  readonly connect: (pod: LivePod, target: { readonly ip: string; readonly port: number }) => Promise<Seen>;
}

/** Containers of a pod that are looked into for a program. */
const MOST_CONTAINERS = 3;
/** What a command may take longer than the connection that it waits for. */
const SLACK_SECONDS = 10;

export function inPods({ cluster, options, paced }: Asking): InPods {
  const { timeoutSeconds = 3 } = options.probes ?? {};
  const { signal } = options;
  const exec = async (
    pod: LivePod,
    container: string,
    argv: readonly string[],
    seconds: number,
  ): Promise<PodAnswer> => {
    const { namespace, name } = pod;
    const asked = {
      namespace,
      pod: name,
      container,
      argv,
      timeoutSeconds: seconds,
      ...(signal && { signal }),
    };
    try {
      const answer = await paced(() => execInPod(cluster, asked));
      // Shells and busybox say it by an exit code.
      const isMissing = answer.exitCode === 126 || answer.exitCode === 127;
      return isMissing ? { problem: answer.stderr.trim(), missing: true } : answer;
    } catch (error) {
      if (!(error instanceof LiveError) || FATAL.has(error.code)) throw error;
      return { problem: error.message, ...(isNoProgram(error.message) && { missing: true as const }) };
    }
  };
  const run: InPods["run"] = async (pod, argv, seconds) => {
    let last: PodAnswer = { problem: `${pod.namespace}/${pod.name} has no container that runs` };
    for (const container of pod.containers.slice(0, MOST_CONTAINERS)) {
      last = await exec(pod, container, argv, seconds);
      if (!("problem" in last) || last.missing !== true) return last;
    }
    return last;
  };
  /** By kind of pod: what its containers turned out not to have. */
  const lacks = new Map<string, Set<ConnectTool>>();
  const connect: InPods["connect"] = async (pod, target) => {
    const lacking = lacks.get(pod.kind) ?? new Set();
    lacks.set(pod.kind, lacking);
    for (const tool of CONNECT_TOOLS) {
      if (lacking.has(tool)) continue;
      const answer = await run(pod, tool.argv(target, timeoutSeconds), timeoutSeconds + SLACK_SECONDS);
      if ("problem" in answer && answer.missing !== true) return { what: "unsent", text: answer.problem };
      const what = "problem" in answer ? undefined : tool.read(answer);
      if (what !== undefined) return { what, tool: tool.name };
      // Without the program it has none of its forms.
      for (const one of "problem" in answer ? CONNECT_TOOLS : [tool])
        if (one.name === tool.name) lacking.add(one);
    }
    const names = [...new Set(CONNECT_TOOLS.map(({ name }) => name))].join(", ");
    return { what: "unsent", text: `${pod.namespace}/${pod.name} has none of ${names} that can be used` };
  };
  return { run, connect };
}

/** Errors that the next question would meet too. */
const FATAL: ReadonlySet<string> = new Set(["aborted", "refused", "unreachable", "untrusted-certificate"]);
