import { formatRef, type Place } from "@ashlar/core";
import { type ReachChange, sideText } from "./diff-groups.ts";
import type { Evidence, Miss } from "./evidence.ts";
import type { PortRange } from "./unit.ts";
import type { Verdict } from "./verdict.ts";

/** How many misses of one direction are written out. */
const shownMisses = 8;

/**
 * A verdict as text for people: the outcome, then what decides on the sender's and on the receiver's side, each with
 * policy, rule and (where it came from a text) file and line.
 *
 * @example
 * explainReach(reach(model, { from: "prod/busybox", to: "dev/busybox", port: 80 }));
 * // prod/busybox -> dev/busybox : 80/TCP is denied
 * //   egress   allowed: no policy isolates prod/busybox for egress
 * //   ingress  denied: NetworkPolicy dev/namespace-ingress isolates dev/busybox for ingress, and no rule admits it
 * //            - NetworkPolicy dev/namespace-ingress spec.ingress[0].from[0] (firewall.yaml:9): namespace prod has …
 */
export function explainReach(verdict: Verdict): string {
  const { from, to, port, protocol, outcome, via, about, allowedPorts, egress, ingress, unknown } = verdict;
  const asked = port === undefined ? `every port of ${protocol}` : `${port}/${protocol}`;
  const is = outcome === "partial" ? "partly allowed" : outcome;
  const lines = [`${from} -> ${to} : ${asked} is ${is}`];
  if (allowedPorts !== undefined && outcome !== "allowed")
    lines.push(`  allowed  ${allowedPorts.length === 0 ? "no port" : `ports ${formatPorts(allowedPorts)}`}`);
  if (via !== undefined) {
    const ports = via.ports
      .filter((p) => p.port !== p.target)
      .map((p) => `, port ${p.port} is ${p.target} of the pod`);
    lines.push(`  via      ${formatRef(via.service)}${via.headless ? ", headless" : ""}${ports.join("")}`);
  }
  if (
    about !== undefined &&
    (about.from !== from || about.to !== to || (about.port !== port && via === undefined))
  )
    lines.push(`  here     ${about.from} -> ${about.to} : ${about.port}/${protocol}`);
  if (about === undefined) lines.push(`  because  ${verdict.reason}`);
  else if (egress.reason === ingress.reason) lines.push(`  because  ${egress.reason}`);
  else lines.push(...sideLines("egress ", egress), ...sideLines("ingress", ingress));
  for (const fact of unknown ?? [])
    if (![verdict.reason, egress.reason, ingress.reason].includes(fact)) lines.push(`  unknown  ${fact}`);
  return `${lines.join("\n")}\n`;
}

function sideLines(
  label: string,
  { outcome, reason, admittedBy, misses, policies, isolated }: Evidence,
): string[] {
  const at = admittedBy === undefined ? "" : placeText(admittedBy.at);
  const lines = [`  ${label}  ${outcome}: ${reason}${at}`];
  if (admittedBy === undefined && misses.length === 0 && isolated !== false)
    for (const { ref, at: place } of policies)
      lines.push(`           - ${formatRef(ref)}${placeText(place)}`);
  for (const miss of misses.slice(0, shownMisses)) lines.push(`           - ${missText(miss)}`);
  if (misses.length > shownMisses) lines.push(`           - … and ${misses.length - shownMisses} rules more`);
  return lines;
}

function missText({ policy, path, because, at }: Miss): string {
  return `${formatRef(policy)} ${path}${placeText(at)}: ${because}`;
}

function placeText(at: Place | undefined): string {
  return at === undefined ? "" : ` (${at.file}:${at.line})`;
}

/** `80, 8000-8100` */
function formatPorts(ranges: readonly PortRange[]): string {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/** A change as one line: `opens dev -> prod : 5432/TCP`. */
export function formatReachChange({ change, from, to, protocols, ports }: ReachChange): string {
  const all = ports === "all" && protocols.length === 3;
  const asked = protocols.map((protocol) =>
    ports === "all" ? protocol : `${formatPorts(ports)}/${protocol}`,
  );
  return `${change} ${sideText(from, shownNames)} -> ${sideText(to, shownNames)}${all ? "" : ` : ${asked.join(", ")}`}`;
}

/** How many namespaces or endpoints of one side are written out. */
const shownNames = 6;
