import { type Finding, formatRef, type Place, type Related, type ResourceRef } from "@ashlar/core";
import type { AccessEvidence, AccessVerdict, PlacedRef } from "../rbac/can.ts";
import type { AccessModel } from "../rbac/model.ts";
import type { AccessRequest } from "../rbac/request.ts";
import { smallestGrant } from "../rbac/smallest-grant.ts";
import { type AccessClaim, type ClaimSubject, formatSubject } from "./claim.ts";

/** A request that the claim says is not allowed, or is. */
export function brokenClaim(claim: AccessClaim, verdict: AccessVerdict, model: AccessModel): Finding {
  const { request, evidence, allowed } = verdict;
  const base = { code: "iam/broken-claim", severity: "error" } as const;
  const may = `${quoted(claim)} does not hold: ${describeSubject(claim.subject)} ${allowed ? "may" : "may not"} ${describeRequest(request)}`;
  if (!allowed) {
    const near = nearBinding(claim.subject, request, model);
    return {
      ...base,
      message: `${may}: no rule that is bound to it allows this`,
      hint: grantHint(claim.subject, request, model),
      path: "",
      ...(near && { related: [near] }),
    };
  }
  if (evidence === undefined)
    return {
      ...base,
      message: `${may}: system:masters is above every rule`,
      hint: "take it out of that group",
      path: "",
    };
  const { binding, role } = evidence;
  return {
    ...base,
    message: `${may}: ${formatRef(binding)} gives it ${formatRef(role)}, whose rule ${evidence.ruleIndex + 1} allows it (${ruleText(evidence)})`,
    hint: removeHint(evidence, request),
    path: "",
    ...about(binding),
    related: [
      { message: `${formatRef(role)} has the rule`, path: `rules[${evidence.ruleIndex}]`, ...about(role) },
    ],
  };
}

/** A request that a role which is not there could allow. */
export function unprovedClaim(claim: AccessClaim, { request, missing = [] }: AccessVerdict): Finding {
  const [first] = missing;
  const roles = [...new Set(missing.map(({ role }) => `${role.kind} ${role.name}`))];
  const who = `${describeSubject(claim.subject)} may ${describeRequest(request)} if ${roles.join(" or ")} allows it`;
  return {
    code: "iam/unproved-claim",
    severity: "error",
    message: `${quoted(claim)} is not proved: ${who}, and the set does not have ${roles.length === 1 ? "it" : "them"}`,
    hint: `add ${roles.join(" and ")} to the set, or remove the binding`,
    path: "",
    ...(first && about(first.binding)),
    related: missing.map(
      ({ binding, role }): Related => ({
        message: `${formatRef(binding)} names ${role.kind} ${role.name}`,
        ...about(binding),
      }),
    ),
  };
}

/** The claim speaks of what does not exist. */
export function emptyClaim(claim: AccessClaim, what: string, hint: string): Finding {
  return {
    code: "iam/empty-claim",
    severity: "error",
    message: `${quoted(claim)} says nothing: ${what}`,
    hint,
    path: "",
  };
}

function quoted(claim: AccessClaim): string {
  return `claim "${claim.text}" (${claim.by})`;
}

function describeSubject(subject: ClaimSubject): string {
  switch (subject.kind) {
    case "group":
      return `a user in group ${subject.name}`;
    case "user":
      return `user ${subject.name}`;
    case "serviceAccount":
      return `ServiceAccount ${subject.namespace}/${subject.name}`;
    case "anyone":
      return "whoever is logged in";
    case "anonymous":
      return "whoever is not logged in";
  }
}

function describeRequest({
  verb,
  group = "",
  resource,
  subresource,
  name,
  namespace,
  path,
}: AccessRequest): string {
  if (path !== undefined) return `${verb} ${path}`;
  const of = `${resource ?? ""}${group === "" || group === "*" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  const where = namespace === undefined ? " in the whole cluster" : ` in ${namespace}`;
  return `${verb} ${of}${name === undefined ? "" : ` named ${name}`}${where}`;
}

function ruleText({ rule }: AccessEvidence): string {
  const list = (words: readonly string[]) => words.map((word) => (word === "" ? '""' : word)).join(",");
  const verbs = list(rule.verbs);
  if (rule.nonResourceURLs.length > 0 && rule.resources.length === 0)
    return shorten(`${verbs} ${list(rule.nonResourceURLs)}`);
  const names = rule.resourceNames.length === 0 ? "" : ` named ${list(rule.resourceNames)}`;
  return shorten(`${verbs} ${list(rule.resources)} of ${list(rule.apiGroups)}${names}`);
}

/** The smallest role there is that allows it, and the smallest grant of all: a rule with one verb and one resource. */
function grantHint(subject: ClaimSubject, request: AccessRequest, model: AccessModel): string {
  const known = smallestGrant(model, request)?.existing?.role;
  const existing = known === undefined ? "" : `bind ${known.kind} ${known.name} to it, or `;
  return `${existing}${ownGrantHint(subject, request)}`;
}

function ownGrantHint(subject: ClaimSubject, request: AccessRequest): string {
  const { verb, group = "", resource = "", subresource, name, namespace, path } = request;
  const to =
    subject.kind === "group" || subject.kind === "user"
      ? `${subject.kind === "group" ? "Group" : "User"} ${JSON.stringify(subject.name)}`
      : subject.kind === "serviceAccount"
        ? `ServiceAccount ${subject.namespace}/${subject.name}`
        : `Group ${subject.kind === "anyone" ? "system:authenticated" : "system:unauthenticated"}`;
  if (path !== undefined)
    return `bind a ClusterRole with the rule { nonResourceURLs: [${JSON.stringify(path)}], verbs: [${verb}] } to ${to} by a ClusterRoleBinding`;
  const of = JSON.stringify(subresource === undefined ? resource : `${resource}/${subresource}`);
  const names = name === undefined ? "" : `, resourceNames: [${JSON.stringify(name)}]`;
  const rule = `{ apiGroups: [${JSON.stringify(group)}], resources: [${of}]${names}, verbs: [${JSON.stringify(verb)}] }`;
  const by = namespace === undefined ? "a ClusterRoleBinding" : `a RoleBinding in ${namespace}`;
  return `bind a role with the rule ${rule} to ${to} by ${by}`;
}

function removeHint({ binding, role, subject, builtin }: AccessEvidence, request: AccessRequest): string {
  const who = `${subject.kind} ${subject.kind === "ServiceAccount" ? `${subject.namespace}/` : ""}${subject.name}`;
  if (builtin)
    return `Kubernetes binds this itself: leave ${request.verb} out of the claim, or claim it of another subject`;
  return `remove ${who} from ${formatRef(binding)}, or bind it to a role without the rule instead of ${formatRef(role)}`;
}

/** Another binding that names the subject, in the namespace or for the cluster. */
function nearBinding(
  subject: ClaimSubject,
  { namespace }: AccessRequest,
  { bindings }: AccessModel,
): Related | undefined {
  const isMeant = (name: string, kind: string, of: string) =>
    subject.kind === "serviceAccount"
      ? kind === "ServiceAccount" && name === subject.name && of === subject.namespace
      : "name" in subject && name === subject.name && kind.toLowerCase() === subject.kind;
  const own = bindings.filter(({ subjects }) =>
    subjects.some((one) => isMeant(one.name, one.kind, one.namespace)),
  );
  const near = own.find((binding) => binding.namespace === namespace) ?? own[0];
  if (near === undefined) return undefined;
  const { kind, name, role } = near;
  const ref: ResourceRef = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind,
    ...(near.namespace !== "" && { namespace: near.namespace }),
    name,
  };
  return {
    message: `${formatRef(ref)} gives ${formatSubject(subject)} ${role.kind} ${role.name}`,
    subject: ref,
  };
}

function about({ at, ...subject }: PlacedRef): { readonly subject: ResourceRef; readonly at?: Place } {
  return { subject, ...(at && { at }) };
}

function shorten(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
