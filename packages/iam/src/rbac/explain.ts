import { type AccessVerdict, can, isPathRequest } from "./can.ts";
import type { PlacedRef } from "./decision.ts";
import type { AccessModel } from "./model.ts";
import { type Miss, type NearMiss, nearMiss } from "./near-miss.ts";
import type { AccessRule } from "./objects.ts";
import { type AccessRequest, identityOf, MASTERS } from "./request.ts";
import { formatAccessResource } from "./resource-name.ts";
import { type SmallestGrant, smallestGrant } from "./smallest-grant.ts";

/** Why a request is allowed or not, and what would allow it. */
export interface AccessExplanation {
  readonly verdict: AccessVerdict;
  /** Plain lines: the answer, what decides (or comes nearest) with its place, what would change it. */
  readonly text: string;
  /** Only when denied. */
  readonly nearest?: NearMiss;
  /** Only when denied: write these objects to allow it. */
  readonly grant?: SmallestGrant;
}

/**
 * Explains the authorizer's answer: the binding and rule that decide with file and line; or the rule that comes nearest and
 * the smallest grant that would allow the request.
 *
 * @example
 * explainCan(model, { groups: ["developer"], verb: "delete", resource: "pods", namespace: "prod" }).text;
 * // no: developer may not delete pods in prod
 * // nearest: rule 1 of ClusterRole view (get, list, watch on pods, configmaps, endpoints, persistentvolumeclaims and 6 more),
 * // bound by RoleBinding prod/developer:view: another verb
 * // to allow only this: Role developer-delete-pods with RoleBinding developer-delete-pods
 * // or bind what is there: ClusterRole edit by RoleBinding developer-edit
 */
export function explainCan(model: AccessModel, request: AccessRequest): AccessExplanation {
  const verdict = can(model, request);
  const asked = `${subjectText(request)} ${verdict.allowed ? "may" : "may not"} ${actionText(request)}`;
  if (verdict.allowed) {
    const because = verdict.evidence
      ? `because of ${ruleText(verdict.evidence, request)}`
      : `because members of ${MASTERS} are never asked`;
    return { verdict, text: `yes: ${asked}\n${because}` };
  }
  const nearest = nearMiss(model, request);
  const grant = smallestGrant(model, request);
  const lines = [`no: ${asked}`];
  if (verdict.reason !== "") lines.push(`the API server says: ${verdict.reason}`);
  lines.push(nearest ? `nearest: ${nearText(nearest, request)}` : "no rule of the set comes near");
  if (grant) lines.push(...grantLines(grant));
  return { verdict, text: lines.join("\n"), ...(nearest && { nearest }), ...(grant && { grant }) };
}

const DIFFERENCE: Readonly<Record<Miss, string>> = {
  verb: "another verb",
  group: "another API group",
  resource: "another resource",
  subresource: "another subresource",
  name: "only objects of other names",
  path: "another path",
  namespace: "another namespace",
  subject: "another subject",
  "role-not-found": "the role does not exist",
};

function nearText(near: NearMiss, request: AccessRequest): string {
  const differences = near.misses.map((miss) => DIFFERENCE[miss]).join(" and ");
  const { binding, role, subject, rule, ruleIndex } = near;
  if (rule === undefined || ruleIndex === undefined)
    return `${refText(binding)} binds ${role.kind} ${role.name} to ${subject.kind} ${subject.name}: ${differences}`;
  const to = near.misses[0] === "subject" ? ` to ${subject.kind} ${subject.name}` : "";
  return `${ruleText({ binding, role, rule, ruleIndex }, request)}${to}: ${differences}`;
}

interface BoundRule {
  readonly binding: PlacedRef;
  readonly role: NearMiss["role"];
  readonly rule: AccessRule;
  readonly ruleIndex: number;
}

function ruleText({ binding, role, rule, ruleIndex }: BoundRule, request: AccessRequest): string {
  return `rule ${ruleIndex + 1} of ${refText(role)} (${contents(rule, request)}), bound by ${refText(binding)}`;
}

function contents(
  rule: AccessRule,
  { resource = "", subresource, name = "", path = "" }: AccessRequest,
): string {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  const asked = subresource ? `${resource}/${subresource}` : resource;
  const named = resourceNames.length === 0 ? "" : ` named ${few(resourceNames, name)}`;
  const groups = apiGroups.some((one) => one !== "")
    ? ` of ${few(
        apiGroups.map((one) => one || "core"),
        "",
      )}`
    : "";
  const paths = nonResourceURLs.length === 0 ? [] : [few(nonResourceURLs, path)];
  const on = resources.length === 0 ? paths : [`${few(resources, asked)}${groups}${named}`, ...paths];
  return `${verbs.join(", ")} on ${on.join(", and ")}`;
}

/** The words, of a long list the first, the one that was asked for among them. */
function few(words: readonly string[], asked: string): string {
  if (words.length <= 5) return words.join(", ");
  const first = words.includes(asked) ? [asked, ...words.filter((word) => word !== asked)] : words;
  return `${first.slice(0, 4).join(", ")} and ${words.length - 4} more`;
}

function refText(ref: NearMiss["role"]): string {
  const { kind, name, namespace, at } = ref as PlacedRef;
  const where = at ? ` at ${at.file}:${at.line}` : "";
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}${where}`;
}

function grantLines({ resources, existing }: SmallestGrant): string[] {
  const [role, binding] = resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const lines = [`to allow only this: ${role} with ${binding}`];
  if (existing) {
    const { role: known, binding: own } = existing;
    lines.push(`or bind what is there: ${known.kind} ${known.name} by ${own.kind} ${own.metadata.name}`);
  }
  return lines;
}

function subjectText(request: AccessRequest): string {
  const { user, groups: all } = identityOf(request);
  // Who is named needs no word that says that they are logged in.
  const named = all.filter((group) => group !== "system:authenticated");
  const groups = user === "" && named.length === 0 ? all : named;
  if (user === "") return groups.length === 0 ? "nobody" : groups.join(", ");
  return groups.length === 0 ? user : `${user} (${groups.join(", ")})`;
}

function actionText(request: AccessRequest): string {
  const { verb, group = "", resource = "", subresource = "", name = "", namespace = "", path } = request;
  if (isPathRequest(request)) return `${verb} ${path}`;
  const what = formatAccessResource({ group, resource, subresource });
  return `${verb} ${what}${name === "" ? "" : ` ${name}`}${namespace === "" ? "" : ` in ${namespace}`}`;
}
