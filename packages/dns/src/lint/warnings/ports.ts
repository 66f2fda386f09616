import type { Finding } from "@ashlar/core";
import type { CorefileToken } from "../../corefile/ast.ts";
import { splitHostPort } from "../go/addresses.ts";
import { lintFinding, relatedTo } from "../lint-finding.ts";
import { type LintServer, type LintSubject, statements } from "../statements.ts";
import { listenHosts } from "./zones.ts";

/** What listens for HTTP, and where when nothing is written. */
export const HTTP_PLUGINS: Readonly<Record<string, string>> = {
  health: ":8080",
  ready: ":8181",
  prometheus: "localhost:9153",
  pprof: "localhost:6053",
};

interface Listener {
  readonly what: string;
  readonly host: string;
  readonly port: string;
  readonly address: string;
  readonly token: CorefileToken;
}

/** The HTTP addresses of one block. */
export function httpListeners(server: LintServer): Listener[] {
  return Object.entries(HTTP_PLUGINS).flatMap(([what, usual]) => {
    const last = statements(server, what).at(-1);
    if (!last) return [];
    const address = last.args[0]?.text ?? usual;
    const split = splitHostPort(address);
    return split ? [{ what, ...split, address, token: last.args[0] ?? last.name }] : [];
  });
}

/** Two things on one TCP port: both start (SO_REUSEPORT), and each gets some of the connections. */
export function ports({ servers }: LintSubject): Finding[] {
  const seen = new Map<string, Listener[]>();
  const known = new Set<string>();
  const findings: Finding[] = [];
  const remember = (listener: Listener) => {
    const id = `${listener.what} ${listener.address}`;
    if (known.has(id)) return;
    known.add(id);
    const list = seen.get(listener.port) ?? [];
    list.push(listener);
    seen.set(listener.port, list);
  };
  for (const server of servers)
    for (const { transport, port, key } of server.addresses)
      for (const host of listenHosts(server) ?? [])
        remember({ what: `${transport}://`, host, port, address: `${host}:${port}`, token: key.token });
  for (const listener of servers.flatMap(httpListeners)) {
    const others = seen.get(listener.port) ?? [];
    const other = others.find((one) => meets(one, listener));
    if (other)
      findings.push(
        lintFinding(
          "dns/no-port-clash",
          "warning",
          `${listener.what} listens on ${listener.address}, and so does ${other.what}${other.what === listener.what ? " of another block" : ""}: each answers some of the connections`,
          "give each a port of its own, or write the plugin in one server block only",
          listener.token,
          [relatedTo(`${other.what} on ${other.address}`, other.token)],
        ),
      );
    remember(listener);
  }
  return findings;
}

const EVERYWHERE = new Set(["", "0.0.0.0", "::"]);
const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);

function meets(a: Listener, b: Listener): boolean {
  if (a.what === b.what && (a.what === "ready" || a.what === "prometheus") && a.address === b.address)
    return false; // one for all blocks
  if (a.port === "0" || a.port === "") return false;
  return (
    a.host === b.host ||
    EVERYWHERE.has(a.host) ||
    EVERYWHERE.has(b.host) ||
    (LOOPBACK.has(a.host) && LOOPBACK.has(b.host))
  );
}
