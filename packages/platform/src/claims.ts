import type { Claim, Result } from "@ashlar/core";
import { parseResolvesClaim } from "@ashlar/dns/blocks";
import { parseAccessClaim } from "@ashlar/iam/blocks";
import { parseServesClaim } from "@ashlar/ingress/blocks";
import { parseReachClaim } from "@ashlar/network-policy/blocks";
import { parsePullsClaim } from "@ashlar/registry/blocks";

/** The words that claims may use. */
export interface ClaimWords {
  /** Environment → its namespaces. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
  /** Absent: any name is a namespace. */
  readonly namespaces?: readonly string[];
  /** The platform's groups, without prefix. */
  readonly groups?: readonly string[];
  readonly groupsPrefix?: string;
  /** Who promises. */
  readonly by: string;
}

/**
 * Reads a claim of any kind: `env:dev -/-> env:prod` (network), `developer cannot get secrets in prod` (access),
 * `my.db resolves to db.example.test from dev` (DNS), `prod pulls registry.example.test/web:1` (images),
 * `https://wiki.example.test serves default/wiki:80`, `https://logs.example.test requires login` (the edge).
 *
 * @example parseClaim("env:dev -/-> env:prod", { environments: { dev: ["dev"], prod: ["prod"] }, by: "expect" })
 */
export function parseClaim(text: string, words: ClaimWords): Result<Claim> {
  if (text.includes("->")) return parseReachClaim(text, words);
  if (/^\s*https?:\/\//.test(text)) return parseServesClaim(text, words);
  if (/\s(can|cannot|can't|may|must)(\s|$)/.test(text)) return parseAccessClaim(text, words);
  if (/\spulls(\s|$)/.test(text)) return parsePullsClaim(text, words);
  if (/\s(resolves?|forwarded)(\s|$)/.test(text)) return parseResolvesClaim(text, words);
  return parseReachClaim(text, words);
}
