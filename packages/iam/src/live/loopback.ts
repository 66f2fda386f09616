import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { LiveError } from "./live-error.ts";

/** The browser's way back: the parameters that it brought, and the page that it waits for. */
export interface Callback {
  /** The redirect URI with what the provider added to it. */
  readonly url: URL;
  /** Shows the person that it worked, or that it did not. */
  readonly answer: (ok: boolean) => Promise<void>;
}

export interface Loopback {
  /** `http://localhost:8000/`: what the provider sends the browser back to, and where it starts. */
  readonly redirectUri: string;
  /** The first callback; later ones are told that it is over. */
  readonly callback: Promise<Callback>;
  /** Where a browser is sent that comes without parameters. */
  readonly leadTo: (loginPage: URL) => void;
  readonly close: () => Promise<void>;
}

/** Some programs find ::1 for localhost and others 127.0.0.1: whoever listens on the one we do not would get the codes. */
const ADDRESSES = ["127.0.0.1", "::1"] as const;

/**
 * Listens on this machine's own addresses alone. A browser that comes without parameters is sent on to the login page, one that
 * comes with `code` or `error` is the callback (RFC 8252, 7.3).
 *
 * @throws LiveError `busy` when the port is taken on either address
 */
export async function listenOnLoopback(port: number): Promise<Loopback> {
  const servers: Server[] = [];
  const close = async () => {
    await Promise.all(
      servers.splice(0).map(
        (server) =>
          new Promise<void>((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      ),
    );
  };
  const callback = Promise.withResolvers<Callback>();
  let over = false;
  let own = port;
  let page: URL | undefined;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const redirectUri = `http://localhost:${own}/`;
    const url = URL.canParse(request.url ?? "", redirectUri)
      ? new URL(request.url ?? "", redirectUri)
      : undefined;
    // A page of another host that points its name at this address must not be able to talk to us (DNS rebinding).
    if (!isOurs(request.headers.host, own)) return finish(response, 421, "This is another host.");
    if (request.method !== "GET" || url?.pathname !== "/" || url.origin !== new URL(redirectUri).origin)
      return finish(response, 404, "There is no such page.");
    if (!url.searchParams.has("code") && !url.searchParams.has("error")) {
      if (!page) return finish(response, 404, "There is no login page yet.");
      return finish(response, 302, "The login page is elsewhere.", { location: page.href });
    }
    if (over) return finish(response, 410, "This login is over. Start another one.");
    over = true;
    callback.resolve({
      url,
      answer: (ok) =>
        ok
          ? finish(response, 200, "You are logged in. You can close this page.")
          : finish(response, 400, "The login failed. The program that started it says why."),
    });
  };
  // At the first login: an import of Node's server costs more than one of this package.
  const { createServer } = await import("node:http");
  try {
    for (const address of ADDRESSES) {
      const server = createServer(handle);
      const listens = await listen(server, own, address);
      if (!listens) continue;
      servers.push(server);
      own = listens;
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    redirectUri: `http://localhost:${own}/`,
    callback: callback.promise,
    leadTo: (loginPage) => {
      page = loginPage;
    },
    close,
  };
}

/** The port, or undefined when this machine has no such address (many have no ::1). */
async function listen(
  server: Server,
  port: number,
  host: (typeof ADDRESSES)[number],
): Promise<number | undefined> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port, host, exclusive: true, ipv6Only: host === "::1" }, resolve);
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (host === "::1" && (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT")) return undefined;
    throw new LiveError(
      code === "EADDRINUSE" ? "busy" : "bad-input",
      `nothing can listen on ${host === "::1" ? "[::1]" : host}:${port} (${code})`,
      "end the program that has the port, or choose another one that the client's redirect URIs name",
      error,
    );
  }
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

function isOurs(host: string | undefined, port: number): boolean {
  const [ours, plain] = [[`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`], port === 80];
  return (
    host !== undefined && (ours.includes(host) || (plain && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host)))
  );
}

function finish(
  response: ServerResponse,
  code: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (response.destroyed) return Promise.resolve(); // the browser has gone away
  response.writeHead(code, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    connection: "close",
    ...headers,
  });
  const html = `<!doctype html><html lang="en"><title>Ashlar</title><p>${text}</p></html>\n`;
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.end(html, () => resolve());
  });
}
