import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type RequestListener, request } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "../components/certificate.ts";

/** An app behind nginx. */
export interface Upstream {
  /** `127.0.0.1:41234` */
  readonly address: string;
  /** Headers of the last request. */
  readonly seen: () => IncomingHttpHeaders;
  readonly stop: () => Promise<void>;
}

/** Headers of oauth2-proxy's answer to a callback, with a session cookie of so many characters. */
export function loginHeaders(cookie: number): Record<string, string | string[]> {
  const life = "Path=/; Expires=Mon, 23 Nov 2026 12:00:00 GMT; Max-Age=28800; HttpOnly; Secure; SameSite=Lax";
  const gone = "Path=/; Expires=Mon, 23 Nov 2026 03:00:00 GMT; HttpOnly; Secure; SameSite=Lax";
  return {
    "Cache-Control": "no-cache, no-store, must-revalidate, max-age=0",
    Expires: "Thu, 01 Jan 1970 00:00:00 UTC",
    Location: "https://k8s.strix.kr/",
    "Set-Cookie": [`__Host-dashboard_csrf=; ${gone}`, `__Host-dashboard=${"c".repeat(cookie)}; ${life}`],
    "X-Accel-Expires": "0",
  };
}

/** Starts an app: `/login/N` answers with a cookie of N characters, `/silent/MS` after so long, everything else with its path. */
export async function startUpstream(certificate?: Certificate): Promise<Upstream> {
  let last: IncomingHttpHeaders = {};
  const answer: RequestListener = (incoming, response) => {
    last = incoming.headers;
    const [, what, number] = (incoming.url ?? "").split("/");
    incoming.resume().on("end", () => {
      if (what === "login") response.writeHead(302, loginHeaders(Number(number))).end();
      else if (what === "silent") setTimeout(() => response.end("late"), Number(number));
      else response.end(incoming.url);
    });
  };
  const server =
    certificate === undefined
      ? createServer({ maxHeaderSize: 2 ** 17 }, answer)
      : createTlsServer({ key: readFileSync(certificate.keyFile), cert: certificate.certificate }, answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    seen: () => last,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The status of a request; of a body too large to be sent, `claimed` bytes are announced and none is sent. */
export function statusOf(
  port: number,
  path: string,
  options: {
    readonly headers?: Record<string, string>;
    readonly body?: number;
    readonly claimed?: number;
  } = {},
): Promise<number> {
  const { headers = {}, body, claimed } = options;
  const length = claimed ?? body;
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        path,
        method: length === undefined ? "GET" : "POST",
        headers: { host: "app.test", ...headers, ...(length !== undefined && { "content-length": length }) },
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
        if (claimed !== undefined) call.destroy();
      },
    );
    call.on("error", reject);
    if (claimed !== undefined) call.flushHeaders();
    else call.end(body === undefined ? undefined : Buffer.alloc(body));
  });
}
