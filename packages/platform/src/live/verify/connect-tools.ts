import type { ExecAnswer } from "@ashlar/core/live";

/**
 * What came of a TCP connection. `open`: it was accepted. `refused`, `timeout`: the two symptoms of a port that is closed or kept
 * away. `unreachable`: the network said that there is no way. `unclear`: the program's words do not tell.
 */
export type Connection = "open" | "refused" | "timeout" | "unreachable" | "unclear";

/** A program of a container that connects. */
export interface ConnectTool {
  readonly name: string;
  readonly argv: (
    target: { readonly ip: string; readonly port: number },
    seconds: number,
  ) => readonly string[];
  /** `undefined`: the program does not know the options, and another has to be taken. */
  readonly read: (answer: ExecAnswer) => Connection | undefined;
}

const REFUSED = /refused|Couldn't connect to server/i;
const TIMEOUT = /timed? ?out/i;
const UNREACHABLE = /unreachable|no route to host|prohibited/i;
const NO_OPTION = /(invalid|unrecognized|unknown|illegal|bad) option|^usage:/im;

/** The words of a program that did not connect. A time-out is the last of several tries more often than a refusal. */
function symptomOfText(text: string): Connection {
  if (REFUSED.test(text)) return "refused";
  if (UNREACHABLE.test(text)) return "unreachable";
  return TIMEOUT.test(text) ? "timeout" : "unclear";
}

/** netcat: OpenBSD's, the traditional one, nmap's, and the larger one of busybox, which keeps refusals to itself without a second `-v`. */
const NC: ConnectTool = {
  name: "nc",
  argv: ({ ip, port }, seconds) => ["nc", "-v", "-v", "-z", "-w", String(seconds), ip, String(port)],
  read: ({ exitCode, stdout, stderr }) => {
    if (exitCode === 0) return "open";
    const text = `${stdout}\n${stderr}`;
    return NO_OPTION.test(text) ? undefined : symptomOfText(text);
  },
};

/** The smaller netcat of busybox, which has no `-z`: it runs a program once it is connected. */
const BUSYBOX_NC: ConnectTool = {
  name: "nc",
  argv: ({ ip, port }, seconds) => ["nc", "-w", String(seconds), ip, String(port), "-e", "true"],
  read: ({ exitCode, stdout, stderr }) => {
    const text = `${stdout}\n${stderr}`;
    if (exitCode === 0 || /can't execute/.test(text)) return "open";
    return NO_OPTION.test(text) ? undefined : symptomOfText(text);
  },
};

const CONNECTED_AT = "connected at ";

/** It tells when it connected, whatever came of the request after that. */
const CURL: ConnectTool = {
  name: "curl",
  argv: ({ ip, port }, seconds) => [
    ...["curl", "--silent", "--show-error", "--noproxy", "*", "--output", "/dev/null"],
    ...["--connect-timeout", String(seconds), "--max-time", String(seconds + 1)],
    ...["--write-out", `${CONNECTED_AT}%{time_connect}\n`, `http://${inUrl(ip)}:${port}/`],
  ],
  read: ({ exitCode, stdout, stderr }) => {
    const at = new RegExp(`${CONNECTED_AT}([0-9.,]+)`).exec(stdout)?.[1];
    if (exitCode === 0 || (at !== undefined && /[1-9]/.test(at))) return "open";
    if (at === undefined && NO_OPTION.test(stderr)) return undefined;
    return symptomOfText(stderr);
  },
};

/**
 * wget: GNU's says when it is connected. busybox's does not: an answer that does not come may be of a server that waits, so that its
 * time-out alone is `unclear`.
 */
const WGET: ConnectTool = {
  name: "wget",
  argv: ({ ip, port }, seconds) => [
    ...["wget", "--proxy=off", "-t", "1", "-T", String(seconds)],
    ...["-O", "/dev/null", `http://${inUrl(ip)}:${port}/`],
  ],
  read: ({ exitCode, stdout, stderr }) => {
    const text = `${stdout}\n${stderr}`;
    if (exitCode === 0 || ANSWERED.test(text)) return "open";
    if (NO_OPTION.test(text)) return undefined;
    const symptom = symptomOfText(text);
    return symptom === "timeout" && /download timed out/.test(text) ? "unclear" : symptom;
  },
};

/** What is said of a connection that stands: GNU's `connected.`, a status line, the end of an answer that is no HTTP. */
const ANSWERED =
  /\.\.\. connected\.|server returned error|bad (address )?header|error getting response|short read|ERROR \d{3}|reset by peer/i;

function inUrl(ip: string): string {
  return ip.includes(":") ? `[${ip}]` : ip;
}

/** In the order in which they are looked for. */
export const CONNECT_TOOLS: readonly ConnectTool[] = [NC, BUSYBOX_NC, CURL, WGET];

/** Whether an error of exec says that the container has no such program. */
export function isNoProgram(text: string): boolean {
  return /executable file not found|no such file or directory|applet not found|command not found/i.test(text);
}
