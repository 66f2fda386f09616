import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it came to the proxy. */
export interface SeenRequest {
  readonly method: string;
  /** Without the question. */
  readonly path: string;
  /** Whether it changes something: a login does not. */
  readonly writes: boolean;
}

/**
 * What happens to a request instead of being passed on: an answer, no answer at all, the connection cut before Keycloak has
 * it, or cut when Keycloak has done it and before its answer is passed back.
 */
export type Fault = { readonly code: number; readonly body?: unknown } | "cut-after" | "cut-before" | "hang";

export interface FaultyProxy {
  readonly url: string;
  /** Every request since the last `set`, in order. */
  readonly seen: readonly SeenRequest[];
  /** Every token that went by. */
  readonly tokens: ReadonlySet<string>;
  /** Forgets what was seen; from now on each request is asked about, with its number from 1. */
  readonly set: (fault?: (request: SeenRequest, number: number) => Fault | undefined) => void;
  readonly close: () => Promise<void>;
}

/**
 * Stands on a free port of the loopback address between a client and a server, and does to requests what it is told.
 *
 * @param tls key and certificate to serve https with; plain http without
 */
export async function faultyProxy(
  upstream: string,
  tls?: { readonly key: string; readonly cert: string },
): Promise<FaultyProxy> {
  const { hostname, port } = new URL(upstream);
  const tokens = new Set<string>();
  let seen: SeenRequest[] = [];
  let faultOf: Parameters<FaultyProxy["set"]>[0];
  const passOn = (from: IncomingMessage, to: ServerResponse, cut: boolean) => {
    const { method, url: path, headers } = from;
    from.pipe(
      request({ hostname, port, method, path, headers }, (answer) => {
        if (cut) answer.resume().once("end", () => to.destroy());
        else {
          to.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(to);
        }
      }).once("error", () => to.destroy()),
    );
  };
  const serve = (from: IncomingMessage, to: ServerResponse) => {
    const { method = "", url: path = "", headers } = from;
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
    if (token !== undefined) tokens.add(token);
    const asked = {
      method,
      path: path.split("?")[0] ?? "",
      writes: method !== "GET" && !path.endsWith("/token"),
    };
    seen.push(asked);
    const fault = faultOf?.(asked, seen.length);
    if (fault === "hang") return;
    if (fault === "cut-before") to.destroy();
    else if (fault === undefined || fault === "cut-after") passOn(from, to, fault !== undefined);
    else {
      from.resume();
      to.writeHead(fault.code, { "content-type": "application/json" });
      to.end(JSON.stringify(fault.body ?? {}));
    }
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return seen;
    },
    tokens,
    set: (fault) => {
      seen = [];
      faultOf = fault;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
