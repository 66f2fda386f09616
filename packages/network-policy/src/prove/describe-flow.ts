import { formatRange } from "../policy/ip.ts";
import { formatPort, type PortRange } from "../policy/ports.ts";
import type { Family } from "../reach/unit.ts";
import { formatParty, type Party } from "./claim.ts";
import { type Domain, isWithin, noneOf, type Span } from "./domain.ts";
import type { Question } from "./question.ts";
import { ALL_PORTS, addressOf, labelOf, opaqueLabelOf, PORT, portAt, type Role } from "./reach-formula.ts";
import type { Box } from "./satisfy.ts";

/** One end of a counter-example, as generally as the box allows: `any pod in dev`, `a pod in dev with label app=x`. */
export function describeEnd(role: Role, question: Question, box: Box, family: Family, party: Party): string {
  const { subject } = question[role];
  const domain = narrowedAddress(role, question, box, family);
  const address = domain && formatAddresses(domain, family);
  if (subject.kind === "address") return address ?? `any address of ${formatParty(party)}`;
  const traits: string[] = [];
  for (const [variable, words] of box) {
    if (variable.startsWith(labelOf(role, "")))
      traits.push(formatLabel(variable.slice(labelOf(role, "").length), words));
    if (variable.startsWith(opaqueLabelOf(role, "")) && !isWithin(ANY_VALUE, words))
      traits.push(formatLabel(variable.slice(opaqueLabelOf(role, "").length), words));
    if (role === "to" && subject.kind === "any" && variable.startsWith("to declares ") && has(words, "yes"))
      traits.push(`that declares the port as ${variable.slice("to declares ".length)}`);
  }
  if (address !== undefined) traits.push(`with address ${address}`);
  const details = traits.filter((t) => t !== "");
  if (subject.kind === "pod") return [subject.pod.name, details.join(" and ")].join(" ").trim();
  const { name } = subject.namespace;
  const every = details.length === 0 && question.search === "allowed";
  return [every ? "any" : "a", "pod in", name, details.join(" and ")].join(" ").trim();
}

/** The addresses that a box demands of an end, when not all that it may have will do. */
export function narrowedAddress(
  role: Role,
  question: Question,
  box: Box,
  family: Family,
): Domain | undefined {
  const domain = box.get(addressOf(role, family));
  const before = question[role].addresses.get(family);
  return domain === undefined || before === undefined || isWithin(before, domain) ? undefined : domain;
}

/** A label that a controller adds is there always, with a value that is not known. */
const ANY_VALUE = noneOf(undefined);

/** The ports of a box, as in a claim: `5432/TCP`; `every port`. */
export function describePorts(box: Box): string {
  const domain = box.get(PORT);
  return domain?.kind === "numbers" ? formatSpans(domain.ranges) : "every port";
}

/** A label set as a trait of a pod; empty when the label does not matter. */
export function formatLabel(key: string, words: Domain): string {
  if (words.kind !== "words") return "";
  const named = [...words.members].filter((m) => m !== undefined);
  if (!words.negated)
    return named.length === 0
      ? `without label ${key}`
      : `with label ${key}=${JSON.stringify(named[0]).slice(1, -1)}`;
  if (words.members.has(undefined))
    return named.length === 0 ? `with a label ${key}` : `with a label ${key} that is not ${shortList(named)}`;
  return named.length === 0 ? "" : `without label ${key}=${shortList(named)}`;
}

/** A port set as in a claim. */
export function formatSpans(spans: readonly Span[]): string {
  if (
    spans.length === ALL_PORTS.length &&
    spans.every((s, i) => s.first === ALL_PORTS[i]!.first && s.last === ALL_PORTS[i]!.last)
  )
    return "every port";
  return shortList(spans.map((span) => formatPort(portRange(span))));
}

function portRange({ first, last }: Span): PortRange {
  const { protocol, port } = portAt(first);
  return { protocol, from: port, to: portAt(last).port };
}

function formatAddresses(domain: Domain, family: Family): string {
  if (domain.kind !== "numbers") return "";
  return shortList(domain.ranges.map((range) => formatRange({ family, ...range })));
}

function has(domain: Domain, word: string): boolean {
  return domain.kind === "words" && domain.members.has(word) !== domain.negated;
}

/** At most three, joined by "or". */
function shortList(words: readonly string[]): string {
  return `${words.slice(0, 3).join(" or ")}${words.length > 3 ? ` or … (${words.length} in all)` : ""}`;
}
