import type { Finding } from "@ashlar/core";
import { lintFinding } from "../lint-finding.ts";
import { type LintServer, type LintSubject, statements } from "../statements.ts";

/** What the Corefile of a cluster needs besides answers; one without the plugin kubernetes is no concern of this. */
export function cluster({ servers, order }: LintSubject): Finding[] {
  const main = servers.find(({ plugins }) => plugins.has("kubernetes"));
  const token = main?.block.plugins.get("kubernetes")?.[0];
  if (!main || !token) return [];
  const has = (plugin: string) => servers.some(({ plugins }) => plugins.has(plugin));
  const findings: Finding[] = [];
  const missing = (code: string, plugin: string, message: string, hint: string) => {
    if (order.includes(plugin)) findings.push(lintFinding(code, "warning", message, hint, token));
  };
  if (!has("ready"))
    missing(
      "dns/require-ready",
      "ready",
      "no server block has ready: Kubernetes cannot tell when this CoreDNS answers",
      "write ready, and a readiness probe of :8181/ready",
    );
  if (!has("reload"))
    missing(
      "dns/require-reload",
      "reload",
      "no server block has reload: a changed Corefile comes into effect at the next restart",
      "write reload",
    );
  const looping = servers.find((server) => forwardsToFile(server) && !server.plugins.has("loop"));
  if (looping)
    missing(
      "dns/require-loop",
      "loop",
      "a forward to the node's resolver without loop: when that asks CoreDNS again, queries multiply without end",
      "write loop in the same block",
    );
  return findings;
}

function forwardsToFile(server: LintServer): boolean {
  return statements(server, "forward").some(
    ({ args }) => args[0]?.text === "." && args.slice(1).some(({ text }) => text.startsWith("/")),
  );
}
