import { isRecord } from "../json.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { Cluster } from "./cluster.ts";
import { endedBy, sendFailure } from "./http.ts";
import { LiveError } from "./live-error.ts";

/** A command to run in a container of a pod, without a terminal and without standard input. */
export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Default: the pod's only or default one, as the API server picks it. */
  readonly container?: string;
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[];
  /** Longest wait for its end; the command itself may go on in the pod. Default: 30. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/** How a command ended. */
export interface ExecAnswer {
  readonly exitCode: number;
  /** What it wrote, the first 64 KiB of each. */
  readonly stdout: string;
  readonly stderr: string;
}

/** No more of an output is kept: a command that writes for ever shall not fill the memory. */
const MOST_BYTES = 65_536;
/** Channels of the protocol `channel.k8s.io`. */
const [STDOUT, STDERR, STATUS] = [1, 2, 3];

/**
 * Runs a command in a pod, as `kubectl exec` does. A command that ends with another exit code than 0 is an answer; one that
 * cannot be run is an error.
 *
 * @throws {LiveError} `forbidden`, `timed-out`, `aborted`; `server-error`: no such pod or program, or the container runtime refuses;
 *   `bad-answer`: the connection ended before the command did; `unreachable`, `untrusted-certificate`, `refused`
 * @example await execInPod(cluster, { namespace: "dev", pod: "busybox-1", argv: ["nslookup", "my.db"] })
 */
export async function execInPod(cluster: Cluster, request: ExecRequest): Promise<ExecAnswer> {
  const { namespace, pod, container, argv, timeoutSeconds = 30, signal } = request;
  const query = new URLSearchParams(argv.map((word): [string, string] => ["command", word]));
  for (const stream of ["stdout", "stderr"]) query.append(stream, "true");
  if (container !== undefined) query.append("container", container);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`;
  const signals = [signal, cluster.signal, AbortSignal.timeout(timeoutSeconds * 1000)];
  const end = AbortSignal.any(signals.filter((one) => one !== undefined));
  const [stdout, stderr] = [collector(), collector()];
  const status = await statusOf(cluster, `${namespace}/${pod}`, path, end, (channel, bytes) => {
    if (channel === STDOUT) stdout.add(bytes);
    if (channel === STDERR) stderr.add(bytes);
  });
  return {
    exitCode: exitCodeOf(status, `${namespace}/${pod}`),
    stdout: stdout.text(),
    stderr: stderr.text(),
  };
}

/** What of a web socket is used here. */
interface Socket {
  readonly readyState: number;
  readonly addEventListener: (event: "close", listener: () => void) => void;
  readonly terminate: () => void;
}

const CLOSING = 2;

/** Opens the connection, hands over what comes, and waits for the Status that ends it. */
async function statusOf(
  cluster: Cluster,
  where: string,
  path: string,
  end: AbortSignal,
  onBytes: (channel: number, bytes: Buffer) => void,
): Promise<Fields> {
  const { Exec } = await import("@kubernetes/client-node");
  const { PassThrough } = await import("node:stream");
  const { handler } = new Exec(await cluster.kubeConfig());
  // By itself it would end the standard output of this process when the server closes that channel.
  Object.assign(handler, {
    streams: { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
  });
  let socket: Socket | undefined;
  let onEnd = () => {};
  try {
    return await new Promise<Fields>((resolve, reject) => {
      onEnd = () => reject(endedBy(end, `the command in ${where}`));
      end.addEventListener("abort", onEnd, { once: true });
      if (end.aborted) onEnd();
      const early = () =>
        reject(new LiveError("bad-answer", `the connection to ${where} ended early`, "try again"));
      const onMessage = (channel: number, bytes: Buffer) => {
        onBytes(channel, bytes);
        if (channel === STATUS) resolve(readStatus(bytes));
        return channel !== STATUS;
      };
      handler.connect(path, null, onMessage).then(
        (opened) => {
          socket = opened as unknown as Socket;
          if (end.aborted) socket.terminate();
          socket.addEventListener("close", early);
          if (socket.readyState >= CLOSING) early();
        },
        (error) => reject(notConnected(error, cluster, where, end)),
      );
    });
  } finally {
    end.removeEventListener("abort", onEnd);
    socket?.terminate();
  }
}

function readStatus(bytes: Buffer): Fields {
  try {
    const status: unknown = JSON.parse(bytes.toString("utf8"));
    if (isRecord(status)) return status;
  } catch {
    // Told by who reads it: it has no status.
  }
  return {};
}

function exitCodeOf(status: Fields, where: string): number {
  if (status.status === "Success") return 0;
  const causes = listOf(fieldsOf(status.details).causes).map(fieldsOf);
  const code = Number(causes.find(({ reason }) => reason === "ExitCode")?.message ?? Number.NaN);
  if (status.reason === "NonZeroExitCode" && Number.isInteger(code)) return code;
  throw new LiveError(
    "server-error",
    `the command could not be run in ${where}: ${(textOf(status.message) || "the server does not say why").slice(0, 500)}`,
    "does the container have the program, and does it run?",
  );
}

/** The error of a web socket that was not opened: of the connection, or an answer that is no upgrade. */
function notConnected(event: unknown, cluster: Cluster, where: string, end: AbortSignal): LiveError {
  const error = (event as { readonly error?: unknown }).error ?? event;
  const answer = /Unexpected server response: (\d{3})/.exec(String((error as Error).message));
  if (answer === null)
    return sendFailure(error, cluster.server, undefined, end, "name its authority in the kubeconfig");
  const namespace = where.split("/")[0];
  switch (answer[1]) {
    case "401":
      return new LiveError(
        "refused",
        `${cluster.server} does not know who asks`,
        "the token or certificate has ended: log in again",
      );
    case "403":
      return new LiveError(
        "forbidden",
        `the caller may not execute commands in pods of ${namespace}`,
        `kubectl auth can-i create pods/exec --namespace=${namespace} tells the same`,
      );
    case "404":
      return new LiveError("server-error", `there is no pod ${where}`, "it may have ended: try again");
    default:
      return new LiveError(
        "server-error",
        `the server answered ${answer[1]} to a command in ${where}`,
        "see kubectl exec, which asks the same",
      );
  }
}

function collector(): { readonly add: (bytes: Buffer) => void; readonly text: () => string } {
  const parts: Buffer[] = [];
  let left = MOST_BYTES;
  return {
    add: (bytes) => {
      parts.push(bytes.subarray(0, left));
      left -= Math.min(left, bytes.length);
    },
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}
