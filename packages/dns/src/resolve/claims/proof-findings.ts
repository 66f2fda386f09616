import { type Finding, suggest } from "@ashlar/core";
import type { DnsModel } from "../model.ts";
import type { DnsVerdict } from "../verdict.ts";
import type { ResolvesClaim } from "./claim.ts";

/** CoreDNS answers something else than the claim says. */
export function brokenClaim(claim: ResolvesClaim, verdict: DnsVerdict, model: DnsModel): Finding {
  return {
    code: "dns/broken-claim",
    severity: "error",
    message: `${quoted(claim)} does not hold: ${verdict.text}${tried(verdict)}`,
    hint: remedy(claim, verdict, model),
    path: "",
    ...about(verdict),
  };
}

/** Nobody can tell whether the claim holds. */
export function unprovedClaim(claim: ResolvesClaim, verdict: DnsVerdict): Finding {
  const asked = verdict.forwarded.map(
    ({ name, upstream }) => `${name} is answered by ${upstream.join(" or ")}`,
  );
  const why = verdict.why ?? (asked.length > 0 ? asked.join("; ") : "the cluster chooses the address");
  return {
    code: "dns/unproved-claim",
    severity: "error",
    message: `${quoted(claim)} is not proved: ${why}`,
    hint:
      asked.length > 0
        ? 'write "is forwarded to" for a zone of another server, or hold the claim against the running cluster'
        : "add what is missing to the set, or leave the claim out",
    path: "",
    ...about(verdict),
  };
}

/** The claim speaks of what is not there. */
export function emptyClaim(claim: ResolvesClaim, what: string, { cluster }: DnsModel): Finding {
  const namespace = claim.fromNamespace ?? claim.fromPod?.split("/")[0] ?? "";
  return {
    code: "dns/empty-claim",
    severity: "error",
    message: `${quoted(claim)} says nothing: ${what}`,
    hint: suggest(namespace, [...cluster.namespaces.keys()]),
    path: "",
  };
}

function quoted(claim: ResolvesClaim): string {
  return `claim "${claim.text}" (${claim.by})`;
}

function tried(verdict: DnsVerdict): string {
  return verdict.tried.length > 1 ? `; tried were ${verdict.tried.map(({ name }) => name).join(", ")}` : "";
}

function about({ evidence, server }: DnsVerdict): Pick<Finding, "subject" | "at" | "related"> {
  const [subject] = evidence;
  if (!server) return subject ? { subject } : {};
  const related = [{ message: `the block "${server.key}" takes the question`, at: server.at }];
  return subject ? { subject, related } : { at: server.at };
}

function remedy(claim: ResolvesClaim, verdict: DnsVerdict, model: DnsModel): string {
  const { outcome, upstream, plugin } = verdict;
  switch (claim.expect) {
    case "nothing":
      return "take away what answers it, or the claim";
    case "forwarded":
      return outcome === "forwarded"
        ? `forward the zone to ${claim.target}; now it is ${upstream.join(" or ")}`
        : `add a server block or a forward for ${claim.name} with the server ${claim.target}`;
    case "to":
      if (outcome === "answer") return `point it to ${claim.target}, or correct the claim`;
      break;
    default:
  }
  if (outcome === "servfail" && plugin === "hosts")
    return 'add "fallthrough" to the hosts plugin, or an entry for the name';
  const name = verdict.name.replace(`.svc.${model.clusterDomain.replace(/\.$/, "")}.`, "");
  const isService = name !== verdict.name && name.split(".").length === 2;
  if (outcome === "nxdomain" && isService)
    return `add a Service for it to the set; ${suggest(name, [...model.cluster.services.keys()])}`;
  return "add what answers the name: a Service, an entry of the hosts plugin, or a server block that forwards it";
}
