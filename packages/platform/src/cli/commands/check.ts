import { type Claim, type Finding, type Resource, refOf, sortFindings } from "@ashlar/core";
import { parseReachClaim } from "@ashlar/network-policy";
import { type CheckReport, check } from "../../check.ts";
import type { Arguments } from "../arguments.ts";
import { type Command, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { loadInput, printJson } from "../input.ts";
import { type Io, UsageError } from "../io.ts";
import type { Loaded } from "../load.ts";
import { formatFinding, paint, plural, printable } from "../text.ts";

export const checkCommand: Command = {
  name: "check",
  usage: "ashlar check [PATH...] [--claim CLAIM]... [--cni NAME@VERSION] [--format text|json]",
  summary: "hold manifests against every rule, and claims against the model",
  details: `PATH is a platform file, or YAML and JSON files, folders, or - for standard input:

  ashlar check platform.ts
  helm template shop ./chart | ashlar check -
  kubectl get netpol,deploy,ns -A -o yaml | ashlar check - --claim "ns:dev -/-> ns:prod"

A claim about a namespace or environment is proved for every pod that could exist there. Exit code: 0 clean,
1 findings, 2 could not run.`,
  options: [
    {
      name: "claim",
      value: "CLAIM",
      multiple: true,
      help: 'a claim to prove: "ns:dev -/-> ns:prod : 5432/TCP"; may be repeated',
    },
    { name: "cni", value: "NAME@VERSION", help: "the cluster's network plugin: kube-router@2.5" },
    {
      name: "pod-cidr",
      value: "CIDR",
      multiple: true,
      help: "a range that pods get their addresses from; may be repeated",
    },
    NAMESPACE,
    FORMAT,
    PARAM,
  ],
  async run(args, io) {
    const loaded = await loadInput(args.positionals, args, io);
    if (loaded.set.resources.length === 0 && loaded.findings.length === 0)
      throw new UsageError(`${loaded.name} holds no object`, "check what wrote it: nothing was checked");
    const report = checkLoaded(loaded, args);
    const format = args.get("format");
    if (format === "json") printJson(io, { findings: report.findings, summary: report.summary });
    else printText(report, loaded, io);
    return report.findings.length > 0 ? 1 : 0;
  },
};

function checkLoaded(loaded: Loaded, args: Arguments): CheckReport {
  const environments = loaded.platform?.environments ?? {};
  const claims: Claim[] = [...(loaded.set.claims ?? [])];
  for (const text of args.all("claim")) {
    const claim = parseReachClaim(text, { environments, by: "--claim" });
    if (!claim.ok)
      throw new UsageError(`--claim "${text}": ${claim.findings[0]?.message}`, claim.findings[0]?.hint);
    claims.push(claim.value);
  }
  const cni = args.get("cni");
  const podCidrs = args.all("pod-cidr");
  const report = check({
    ...loaded.set,
    claims,
    versions: { ...loaded.set.versions, ...(cni !== undefined && { cni }) },
    ...(podCidrs.length > 0 && { podCidrs }),
  });
  if (loaded.findings.length === 0) return report;
  const findings = sortFindings([...loaded.findings, ...report.findings]);
  const count = (severity: Finding["severity"]) => findings.filter((f) => f.severity === severity).length;
  return {
    ...report,
    findings,
    summary: { ...report.summary, errors: count("error"), warnings: count("warning") },
  };
}

function printText({ findings, proofs, summary }: CheckReport, loaded: Loaded, io: Io): void {
  for (const finding of findings) io.out(`${formatFinding(finding, io)}\n\n`);
  for (const proof of proofs) {
    if (proof.claim.by === "firewall" && proof.outcome === "proved") continue;
    const [sign, color] = proof.outcome === "proved" ? (["✓", "green"] as const) : (["✗", "red"] as const);
    io.out(
      `${paint(io, color, sign)} ${printable(proof.claim.text)}${proof.outcome === "proved" ? "" : `  (${proof.outcome})`}\n`,
    );
  }
  const own = proofs.filter((p) => p.claim.by === "firewall" && p.outcome === "proved").length;
  if (own > 0)
    io.out(
      `${paint(io, "green", "✓")} ${plural(own, "claim")} of the firewall: every ordered pair of environments is as drawn\n`,
    );
  if (proofs.length > 0) io.out("\n");
  const { claims } = summary;
  const parts = [
    `${plural(summary.objects, "object")} of ${plural(new Set(loaded.set.resources.map(kindOf)).size, "kind")}`,
    ...(proofs.length > 0 ? [`${claims.proved} of ${plural(proofs.length, "claim")} proved`] : []),
    plural(summary.errors, "error"),
    plural(summary.warnings, "warning"),
  ];
  io.out(`${paint(io, findings.length > 0 ? "red" : "green", parts.join(", "))}\n`);
}

function kindOf(resource: Resource): string {
  return refOf(resource).kind;
}
