import type { AccessRule } from "./objects.ts";
import { quoteList } from "./quote.ts";
import { withoutStars } from "./rule-index.ts";

/**
 * The parts of `wanted` that no single rule of `held` covers, each with one verb, group, resource and name, or one verb and
 * path (component-helpers/auth/rbac/validation, Covers). Unions do not count: whoever holds every verb by name does not hold
 * `*`.
 */
export function uncovered(held: readonly AccessRule[], wanted: readonly AccessRule[]): AccessRule[] {
  return wanted.flatMap(partsOfRule).filter((part) => !held.some((rule) => covers(rule, part)));
}

/**
 * Rules as the API server prints them in its message about escalation, sorted: parts about the same resource and name are
 * one, with all their verbs.
 */
export function describeRules(parts: readonly AccessRule[]): string[] {
  const lines = new Set<string>();
  const simple = new Map<string, AccessRule>();
  for (const part of parts) {
    if (part.nonResourceURLs.length > 0) {
      lines.add(describeRule(part));
      continue;
    }
    const key = JSON.stringify([part.apiGroups, part.resources, part.resourceNames]);
    const known = simple.get(key);
    simple.set(key, known ? { ...known, verbs: [...known.verbs, ...part.verbs] } : part);
  }
  for (const rule of simple.values()) lines.add(describeRule(rule));
  return [...lines].sort();
}

function describeRule({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: AccessRule): string {
  const parts = [
    ["APIGroups", apiGroups],
    ["Resources", resources],
    ["NonResourceURLs", nonResourceURLs],
    ["ResourceNames", resourceNames],
    ["Verbs", verbs],
  ] as const;
  const written = parts
    .filter(([, words]) => words.length > 0)
    .map(([name, words]) => `${name}:${quoteList(words)}`);
  return `{${written.join(", ")}}`;
}

function partsOfRule(rule: AccessRule): AccessRule[] {
  const parts: AccessRule[] = [];
  const names = rule.resourceNames.length > 0 ? rule.resourceNames.map((name) => [name]) : [[]];
  for (const group of rule.apiGroups)
    for (const resource of rule.resources)
      for (const verb of rule.verbs)
        for (const resourceNames of names)
          parts.push({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            resourceNames,
            nonResourceURLs: [],
          });
  for (const url of rule.nonResourceURLs)
    for (const verb of rule.verbs)
      parts.push({ verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [url] });
  return parts;
}

function covers(held: AccessRule, part: AccessRule): boolean {
  return (
    has(held.verbs, part.verbs[0]) &&
    has(held.apiGroups, part.apiGroups[0]) &&
    coversResource(held.resources, part.resources[0]) &&
    coversName(held.resourceNames, part.resourceNames[0]) &&
    coversUrl(held.nonResourceURLs, part.nonResourceURLs[0])
  );
}

function has(words: readonly string[], word: string | undefined): boolean {
  return word === undefined || words.includes("*") || words.includes(word);
}

function coversResource(held: readonly string[], resource: string | undefined): boolean {
  if (has(held, resource)) return true;
  const slash = resource!.indexOf("/");
  return slash >= 0 && held.includes(`*${resource!.slice(slash)}`);
}

function coversName(held: readonly string[], name: string | undefined): boolean {
  return held.length === 0 || (name !== undefined && held.includes(name));
}

function coversUrl(held: readonly string[], url: string | undefined): boolean {
  if (url === undefined) return true;
  return held.some((one) => one === url || (one.endsWith("*") && url.startsWith(withoutStars(one))));
}
