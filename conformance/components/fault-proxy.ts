import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { selfSignedCertificate } from "./certificate.ts";
import type { ControlPlane } from "./control-plane.ts";
import { type FaultAnswer, type FaultCode, faultAnswer } from "./fault-answer.ts";
import type { Endpoint } from "./kubeconfig.ts";

/** A request as it came to the proxy, and what became of it. Never a body, never a token. */
export interface SeenRequest {
  /** From 1, since the last `set`. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Whether the client wants another protocol, as `exec` does. */
  readonly upgrade: boolean;
  /** When it came: milliseconds, as `Date.now()`. */
  readonly at: number;
  readonly fault?: Fault;
  /** What the server answered: absent when it never got the request, or has not answered yet. */
  readonly serverStatus?: number;
  /** What the client got: absent when it got nothing, or not yet. */
  readonly status?: number;
}

/**
 * What happens to a request instead of being passed on as it is.
 *
 * - `cut`: the connection ends before the server has the request, after the server has done it and before the client gets
 *   any of the answer, or in the middle of the answer.
 * - `answer`: this code, with a Status as kube-apiserver writes it; the server does not get the request, or with `after`
 *   has done it.
 * - `hang`: there is no answer and no end, before or after the server has done it.
 * - `delay`: milliseconds before it is passed on.
 */
export type Fault =
  | { readonly cut: "before" | "after" | "half" }
  | {
      readonly answer: FaultCode;
      /** Seconds. */
      readonly retryAfter?: number;
      readonly after?: boolean;
      /** Text instead of a Status, as the server itself says 429 when it has too much to do. */
      readonly plain?: boolean;
    }
  | { readonly hang: "before" | "after" }
  | { readonly delay: number };

/** Says what happens to a request. The bearer token is told here and kept nowhere. */
export type Decide = (request: SeenRequest, token: string | undefined) => Fault | undefined;

export interface FaultProxy extends Endpoint {
  /** Of the identity that may do everything, by way of this proxy. */
  readonly kubeconfig: string;
  /** Of another one: see `ControlPlane.kubeconfigFor`. */
  readonly kubeconfigFor: (credential: Parameters<ControlPlane["kubeconfigFor"]>[0]) => Promise<string>;
  /** How many connections clients opened. */
  readonly connections: number;
  /** Every request since the last `set`, in order. */
  readonly seen: readonly SeenRequest[];
  /** Forgets what was seen; from now on each request is asked about, or passed on when nothing is given. */
  readonly set: (decide?: Decide) => void;
  /** Ends every connection, those of clients that hang too. */
  readonly close: () => Promise<void>;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Seen = Writable<SeenRequest>;

/**
 * Stands on a free port of the loopback address, as an https server with a certificate of its own, between clients and a
 * kube-apiserver, and does to requests what it is told. Streams (watches, exec) go through as they are.
 *
 * @param onBody is shown the body of each request that is passed on; the proxy keeps none
 * @example const proxy = await faultProxy(plane);
 * proxy.set(({ number }) => (number === 3 ? { cut: "after" } : undefined));
 */
export async function faultProxy(
  target: Pick<ControlPlane, "url" | "ca" | "token" | "kubeconfigFor">,
  onBody?: (request: SeenRequest, body: string) => void,
): Promise<FaultProxy> {
  const { hostname: host, port } = new URL(target.url);
  const agent = new Agent({ keepAlive: true, ca: target.ca });
  const sockets = new Set<Duplex>();
  let connections = 0;
  let seen: Seen[] = [];
  let decide: Decide = () => undefined;

  const note = (from: IncomingMessage, upgrade: boolean) => {
    const { method = "", url = "", headers } = from;
    const [path, query] = [url.split("?", 1)[0]!, url.includes("?") ? url.slice(url.indexOf("?") + 1) : ""];
    const record: Seen = { number: seen.length + 1, method, path, query, upgrade, at: Date.now() };
    seen.push(record);
    const fault = decide(record, /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1]);
    if (fault) record.fault = fault;
    return record;
  };

  const serve = async (from: IncomingMessage, to: ServerResponse) => {
    const record = note(from, false);
    const { fault } = record;
    from.on("error", () => undefined);
    if (fault && "delay" in fault) await sleep(fault.delay);
    if (to.destroyed) return;
    if (!reachesServer(fault)) {
      from.resume();
      if (fault && "answer" in fault) answer(record, to);
      else if (fault && "cut" in fault) to.destroy();
      return;
    }
    const { method, url: path, headers } = from;
    const forward = httpsRequest({ host, port, method, path, headers, agent }, (back) => {
      record.serverStatus = back.statusCode ?? 502;
      finish(record, back, to);
    });
    forward.once("error", () => to.destroy());
    to.once("close", () => forward.destroy());
    if (onBody) readBody(from, (body) => onBody(record, body));
    from.pipe(forward);
  };

  const serveUpgrade = async (from: IncomingMessage, client: Duplex, head: Buffer) => {
    const record = note(from, true);
    const { fault } = record;
    sockets.add(client);
    client.once("close", () => sockets.delete(client)).on("error", () => undefined);
    if (fault && "delay" in fault) await sleep(fault.delay);
    if (fault && "answer" in fault && !fault.after) return client.end(answerText(record));
    if (!reachesServer(fault)) {
      if (fault && "cut" in fault) client.destroy();
      return;
    }
    const server = connect({ host, port: Number(port), ca: target.ca, ALPNProtocols: ["http/1.1"] });
    server.on("error", () => client.destroy()).once("close", () => client.destroy());
    client.once("close", () => server.destroy());
    server.write(`${from.method} ${from.url} HTTP/1.1\r\n${headerLines(from.rawHeaders)}\r\n`);
    server.write(head);
    server.once("data", (first: Buffer) => {
      record.serverStatus = Number(/^HTTP\/1\.1 (\d+)/.exec(first.toString("latin1"))?.[1]);
      if (fault && "hang" in fault) return;
      if (fault && "answer" in fault) return client.end(answerText(record));
      if (fault && "cut" in fault && fault.cut === "after") return client.destroy();
      record.status = record.serverStatus;
      client.write(first);
      if (fault && "cut" in fault) return server.once("data", () => client.destroy());
      client.pipe(server).pipe(client);
    });
  };

  const folder = await mkdtemp(join(tmpdir(), "ashlar-fault-proxy-"));
  const { keyFile, certificate } = await selfSignedCertificate(folder);
  const server = createServer({ key: await readFile(keyFile), cert: certificate }, serve);
  await rm(folder, { recursive: true });
  server.on("upgrade", serveUpgrade).on("secureConnection", () => connections++);
  // An idle connection ends when its client wants it: else requests fail that no fault was meant for.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certificate,
  };
  return {
    ...endpoint,
    kubeconfig: await target.kubeconfigFor(target.token, endpoint),
    kubeconfigFor: (credential) => target.kubeconfigFor(credential, endpoint),
    get connections() {
      return connections;
    },
    get seen() {
      return seen;
    },
    set: (next = () => undefined) => {
      seen = [];
      decide = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function readBody(from: IncomingMessage, onBody: (body: string) => void): void {
  const chunks: Buffer[] = [];
  from.on("data", (chunk: Buffer) => chunks.push(chunk));
  from.once("end", () => onBody(Buffer.concat(chunks).toString("utf8")));
}

function reachesServer(fault: Fault | undefined): boolean {
  if (!fault || "delay" in fault) return true;
  if ("cut" in fault) return fault.cut !== "before";
  return "hang" in fault ? fault.hang === "after" : fault.after === true;
}

/** Passes the server's answer back, or does with it what the fault says. */
function finish(record: Seen, back: IncomingMessage, to: ServerResponse): void {
  const { fault } = record;
  back.once("error", () => to.destroy());
  if (!fault || "delay" in fault) {
    record.status = record.serverStatus!;
    to.writeHead(record.status, back.rawHeaders);
    to.flushHeaders(); // a watch may have nothing to say for minutes
    back.pipe(to);
  } else if ("cut" in fault && fault.cut === "half") half(record, back, to);
  else {
    const done = () => {
      if ("answer" in fault) answer(record, to);
      else if ("cut" in fault) to.destroy();
    };
    // A stream has no end: there it is the head that says that the server has done it.
    if (isStream(record)) done();
    else back.resume().once("end", done);
  }
}

function half(record: Seen, back: IncomingMessage, to: ServerResponse): void {
  record.status = record.serverStatus!;
  const chunks: Buffer[] = [];
  const send = () => {
    const bytes = Buffer.concat(chunks);
    to.writeHead(record.status!, back.rawHeaders);
    if (bytes.length < 2) to.destroy();
    else to.write(bytes.subarray(0, bytes.length / 2), () => to.destroy());
  };
  const keep = (chunk: Buffer) => void chunks.push(chunk);
  if (isStream(record)) back.once("data", keep).once("data", send);
  else back.on("data", keep).once("end", send);
}

function isStream({ query }: SeenRequest): boolean {
  return /(^|&)(watch|follow)=(true|1)(&|$)/.test(query);
}

function answerOf(record: Seen): FaultAnswer {
  const { fault, path } = record;
  if (!fault || !("answer" in fault)) throw new Error("this fault is no answer");
  record.status = fault.answer;
  return faultAnswer(fault.answer, path, fault.retryAfter, fault.plain);
}

function answer(record: Seen, to: ServerResponse): void {
  const { code, headers, body } = answerOf(record);
  to.writeHead(code, headers).end(body);
}

/** The same for a connection that was to be upgraded. */
function answerText(record: Seen): string {
  const { code, headers, body } = answerOf(record);
  const lines = Object.entries({
    ...headers,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  return `HTTP/1.1 ${code} Fault\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

function headerLines(raw: readonly string[]): string {
  return raw.reduce((text, part, at) => text + part + (at % 2 === 0 ? ": " : "\r\n"), "");
}
