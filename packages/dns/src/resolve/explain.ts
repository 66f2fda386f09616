import { formatRef } from "@ashlar/core";
import type { DnsRecord } from "./record.ts";
import type { DnsVerdict } from "./verdict.ts";

/**
 * A verdict in words, one fact a line: what is answered, by which block and plugin, out of which objects, what is asked elsewhere,
 * and what the search list tried before.
 *
 * @example
 * explainName(resolveName(model, "redis", { fromNamespace: "prod" }))
 * // redis.prod.svc.cluster.local. A: 10.96.0.7 (kubernetes, block ".:53")
 * //   block ".:53" (Corefile:1), plugin kubernetes
 * //   from Service prod/redis
 */
export function explainName(verdict: DnsVerdict): string {
  const { text, server, plugin, evidence, records, forwarded, tried, additional } = verdict;
  const lines = [text];
  if (tried.length > 1)
    lines.push(`  tried in order: ${tried.map(({ name, outcome }) => `${name} ${outcome}`).join(", ")}`);
  if (server) {
    const { file, line } = server.at;
    lines.push(`  block "${server.key}" (${file}:${line})${plugin === "" ? "" : `, plugin ${plugin}`}`);
  }
  if (evidence.length > 0) lines.push(`  from ${[...new Set(evidence.map(formatRef))].join(", ")}`);
  for (const record of [...records, ...additional]) lines.push(`  ${recordText(record)}`);
  for (const { name, type, upstream } of forwarded)
    lines.push(`  ${name} ${type} is asked of ${upstream.join(" or ")}`);
  return lines.join("\n");
}

/** A record as in a zone file. */
export function recordText({ name, type, ttl, data }: DnsRecord): string {
  const seconds = ttl === undefined ? "" : ` ${ttl}`;
  return `${name}${seconds} ${type} ${data ?? "(the cluster chooses the address)"}`;
}
