import type { Claim, Finding, Proof, ProofOutcome } from "@ashlar/core";
import { parseAddress } from "../addresses.ts";
import type { DnsModel } from "../model.ts";
import { fqdn, joinNames } from "../names.ts";
import { serversOf } from "../plugins/forward.ts";
import { resolveName } from "../resolve-name.ts";
import type { DnsVerdict } from "../verdict.ts";
import type { ResolvesClaim } from "./claim.ts";
import { parseResolvesClaim } from "./parse-claim.ts";
import { brokenClaim, emptyClaim, unprovedClaim } from "./proof-findings.ts";

export interface ResolvesProof extends Proof<ResolvesClaim> {
  /** The verdict that breaks the claim or leaves it open; of a claim that holds the one that shows it. */
  readonly verdict?: DnsVerdict;
}

/** A label that nobody uses: it stands for any name of a zone. */
const ANY_LABEL = "any-name-of-this-zone";

/**
 * Holds claims against the model. `broken`: CoreDNS answers something else. `unknown`: the answer is another server's, or hangs on a
 * fact that the set does not have. `vacuous`: the namespace that asks is not there. Every outcome but `proved` has findings:
 * `dns/broken-claim`, `dns/unproved-claim`, `dns/empty-claim`.
 *
 * A claim that is a text alone (from a block) is read first; one that cannot be read is `vacuous`, with `dns/valid-claim`.
 *
 * @example proveResolves(model, claims).filter((proof) => proof.outcome !== "proved")
 */
export function proveResolves(model: DnsModel, claims: readonly Claim[]): ResolvesProof[] {
  return claims.map((claim) => {
    if ("expect" in claim) return prove(claim as ResolvesClaim, model);
    const parsed = parseResolvesClaim(claim.text, { by: claim.by });
    if (parsed.ok) return prove(parsed.value, model);
    const unread: ResolvesClaim = { ...claim, kind: "resolves", expect: "resolves", name: "" };
    return { claim: unread, outcome: "vacuous" as const, findings: parsed.findings };
  });
}

function prove(claim: ResolvesClaim, model: DnsModel): ResolvesProof {
  const namespace = claim.fromNamespace ?? claim.fromPod?.split("/")[0];
  if (namespace !== undefined && !model.cluster.namespaces.has(namespace)) {
    const finding = emptyClaim(claim, `there is no namespace ${namespace}`, model);
    return { claim, outcome: "vacuous", findings: [finding] };
  }
  const verdicts = questionsOf(claim).map(({ name, type }) =>
    resolveName(model, name, { type, ...placeOf(claim) }),
  );
  const judged = verdicts.map((verdict) => ({ verdict, outcome: judge(claim, verdict) }));
  const decided = decide(claim, judged);
  const findings: Finding[] = [];
  if (decided.outcome === "broken") findings.push(brokenClaim(claim, decided.verdict, model));
  if (decided.outcome === "unknown") findings.push(unprovedClaim(claim, decided.verdict));
  return { claim, ...decided, findings };
}

interface Judged {
  readonly verdict: DnsVerdict;
  readonly outcome: ProofOutcome;
}

/** Of the addresses of a name one is enough; that it has none, or where it is forwarded to, must hold of all. */
function decide({ expect }: ResolvesClaim, judged: readonly Judged[]): Judged {
  const isAll = expect === "nothing" || expect === "forwarded";
  const order: readonly ProofOutcome[] = isAll
    ? ["broken", "unknown", "proved"]
    : ["proved", "unknown", "broken"];
  for (const outcome of order) {
    const found = judged.find((one) => one.outcome === outcome);
    if (found) return found;
  }
  return judged[0]!;
}

function placeOf({ fromNamespace, fromPod }: ResolvesClaim) {
  return { ...(fromNamespace !== undefined && { fromNamespace }), ...(fromPod !== undefined && { fromPod }) };
}

function questionsOf({
  expect,
  name,
  target,
}: ResolvesClaim): { readonly name: string; readonly type: string }[] {
  if (expect === "forwarded")
    return [fqdn(name), joinNames(ANY_LABEL, fqdn(name))].map((one) => ({ name: one, type: "A" }));
  const address = target === undefined ? undefined : parseAddress(target);
  return (address ? [address.type] : ["A", "AAAA"]).map((type) => ({ name, type }));
}

function judge(claim: ResolvesClaim, verdict: DnsVerdict): ProofOutcome {
  const { outcome, records, type, forwarded, upstream } = verdict;
  const { expect, target = "" } = claim;
  if (expect === "forwarded") {
    if (outcome === "unknown") return "unknown";
    const [server] = serversOf(target, () => undefined);
    return outcome === "forwarded" && upstream.includes(server ?? "") ? "proved" : "broken";
  }
  if (expect === "to" && hasTarget(verdict, target)) return "proved";
  if (outcome === "unknown" || outcome === "forwarded") return "unknown";
  const addresses = records.filter((record) => record.type === type);
  if (expect === "nothing")
    return addresses.length > 0 ? "broken" : forwarded.length > 0 ? "unknown" : "proved";
  if (expect === "resolves" && outcome === "answer" && addresses.length > 0) return "proved";
  if (forwarded.length > 0) return "unknown";
  const isOpen = expect === "to" && addresses.some((record) => record.data === undefined);
  return isOpen ? "unknown" : "broken";
}

function hasTarget({ outcome, records, type }: DnsVerdict, target: string): boolean {
  if (outcome !== "answer") return false;
  const address = parseAddress(target);
  if (address) return records.some((record) => record.type === type && record.data === address.text);
  return records.some((record) => record.type === "CNAME" && record.data === fqdn(target));
}
