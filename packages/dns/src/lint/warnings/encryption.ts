import type { Finding } from "@ashlar/core";
import { lintFinding } from "../lint-finding.ts";
import type { LintServer, LintSubject } from "../statements.ts";
import { listenHosts } from "./zones.ts";

const ENCRYPTED = new Set(["tls", "https", "grpc", "quic", "https3"]);

/** Keys that promise encryption in a block without the plugin tls, and tls without such a key. */
export function encryption({ servers }: LintSubject): Finding[] {
  return [
    ...servers.flatMap((server) => (server.plugins.has("tls") ? withoutKey(server) : plain(server))),
    ...shared(servers),
  ];
}

/** Blocks that share a listener have to have tls all, or none of them. */
function shared(servers: readonly LintServer[]): Finding[] {
  const listeners = new Map<string, LintServer>();
  return servers.flatMap((server) =>
    server.addresses.flatMap(({ transport, port, key }) => {
      if (!ENCRYPTED.has(transport)) return [];
      return (listenHosts(server) ?? []).flatMap((host) => {
        const listener = `${transport} ${host} ${port}`;
        const first = listeners.get(listener);
        if (!first) listeners.set(listener, server);
        if (!first || first.plugins.has("tls") === server.plugins.has("tls")) return [];
        return lintFinding(
          "dns/no-plain-tls",
          "error",
          `"${key.text}" shares ${transport}:// on port ${port} with another block, and only one of them has tls`,
          "write the same tls in both blocks",
          key.token,
        );
      });
    }),
  );
}

function plain({ addresses }: LintServer): Finding[] {
  const first = new Map(addresses.map(({ key, transport }) => [key, transport]));
  return [...first].flatMap(([key, transport]) => {
    if (!ENCRYPTED.has(transport)) return [];
    const ends = transport === "https3" || transport === "quic";
    return lintFinding(
      "dns/no-plain-tls",
      ends ? "error" : "warning",
      ends
        ? `"${key.text}" has no plugin tls in its block: CoreDNS does not start`
        : `"${key.text}" has no plugin tls in its block: CoreDNS answers on that port in plain text`,
      "write tls CERT KEY in the block",
      key.token,
    );
  });
}

function withoutKey({ addresses, block }: LintServer): Finding[] {
  if (addresses.length === 0 || addresses.some(({ transport }) => ENCRYPTED.has(transport))) return [];
  return [
    lintFinding(
      "dns/no-plain-tls",
      "warning",
      "tls does nothing here: no key of the block is for an encrypted transport",
      "write a key with tls://, https://, quic:// or grpc://",
      block.plugins.get("tls")?.[0],
    ),
  ];
}
