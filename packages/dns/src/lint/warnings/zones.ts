import type { Finding } from "@ashlar/core";
import type { CorefileToken } from "../../corefile/ast.ts";
import { addressText } from "../../corefile/keys.ts";
import { isIp } from "../go/addresses.ts";
import { lintFinding, relatedTo } from "../lint-finding.ts";
import { type LintServer, type LintSubject, statements } from "../statements.ts";

/**
 * Zones that two server blocks serve on one address, which ends CoreDNS (core/dnsserver: validateZonesAndListeningAddresses). Blocks with `view` may share a zone.
 */
export function zones({ servers }: LintSubject): Finding[] {
  const registered = new Map<string, CorefileToken>();
  const anywhere = new Map<string, CorefileToken>(); // by zone and port, whatever the address
  const findings: Finding[] = [];
  for (const server of servers) {
    const hosts = listenHosts(server);
    if (!hosts) continue;
    const filtered = server.plugins.has("view");
    for (const address of server.addresses) {
      const text = addressText(address);
      const { token } = address.key;
      for (const host of hosts) {
        const key = `${text} ${host}`;
        const earlier = registered.get(key) ?? overlap(text, host);
        if (earlier) {
          findings.push(clash(text, host, token, earlier));
          break;
        }
        if (filtered) continue;
        registered.set(key, token);
        anywhere.set(text, token);
      }
    }
  }
  return findings;

  /** Listening on all addresses takes in listening on one. */
  function overlap(text: string, host: string): CorefileToken | undefined {
    return host === "" ? anywhere.get(text) : registered.get(`${text} `);
  }
}

/** The addresses of `bind`; `undefined` when one is an interface, whose addresses are not known. */
export function listenHosts(server: LintServer): readonly string[] | undefined {
  const bound = statements(server, "bind");
  if (bound.length === 0) return [""];
  const hosts = bound.flatMap(({ args, options }) => {
    const except = new Set(options.at(-1)?.args.map(({ text }) => text));
    return args.map(({ text }) => text).filter((text) => !except.has(text));
  });
  return hosts.every(isIp) ? hosts : undefined;
}

function clash(text: string, host: string, token: CorefileToken, earlier: CorefileToken): Finding {
  const where = host === "" ? "" : ` on ${host}`;
  return lintFinding(
    "dns/unique-zone",
    "error",
    `cannot serve ${text}${where}: it is served already, by line ${earlier.at.line}`,
    "put the plugins of both into one server block, or give one of them another zone or port",
    token,
    [relatedTo("the block that serves it first", earlier)],
  );
}
