import { refOf } from "@ashlar/core";
import type { AccessEvidence, Decision, PlacedRef } from "./decision.ts";
import type { Allowed, Bucket, Grant, Holder } from "./grants.ts";
import type { Hits } from "./hits.ts";
import type { AccessModel } from "./model.ts";
import { quote } from "./quote.ts";
import { type AccessAction, type AccessRequest, type Identity, identityOf, MASTERS } from "./request.ts";
import { firstOf, type Target } from "./walk.ts";

export type { AccessEvidence, PlacedRef } from "./decision.ts";

/** The authorizer's answer. */
export interface AccessVerdict {
  readonly allowed: boolean;
  /**
   * The API server's own text (`status.reason` of a SubjectAccessReview): `RBAC: allowed by …`, the roles that were not
   * found, or nothing: for `system:masters`, and where no rule allows.
   */
  readonly reason: string;
  readonly request: AccessRequest;
  /** Absent when denied, and for `system:masters`. */
  readonly evidence?: AccessEvidence;
  /** Bindings of the subject whose role is missing; only when denied, since then one of them might have allowed. */
  readonly missing?: readonly MissingRole[];
}

export interface MissingRole {
  readonly binding: PlacedRef;
  readonly role: { readonly kind: string; readonly name: string };
  /** The server's words: `clusterrole.rbac.authorization.k8s.io "x" not found`. */
  readonly message: string;
}

/**
 * Whether a request is allowed, exactly as the RBAC authorizer of the API server decides
 * (plugin/pkg/auth/authorizer/rbac, with the short cut for `system:masters` before it).
 *
 * Nothing is added to `user` and `groups`, as in a SubjectAccessReview: name `system:authenticated` where it counts.
 * A `serviceAccount` has the groups of its tokens.
 *
 * @example
 * can(model, { groups: ["developer", "system:authenticated"], verb: "get", resource: "pods", namespace: "prod" }).reason;
 * // RBAC: allowed by RoleBinding "developer/prod" of ClusterRole "view" to Group "developer"
 */
export function can(model: AccessModel, request: AccessRequest): AccessVerdict {
  const identity = identityOf(request);
  if (identity.groups.includes(MASTERS)) return { allowed: true, reason: "", request };
  const found = firstGrant(model, identity, request);
  if (found === undefined) {
    const missing = model.complete ? [] : missingGrants(model, identity, request);
    if (missing.length === 0) return { allowed: false, reason: "", request };
    return {
      allowed: false,
      reason: `RBAC: ${aggregateErrors(missing.map((grant) => grant.missing))}`,
      request,
      missing: missing.map((grant) => missingRoleOf(model, grant)),
    };
  }
  const { reason, evidence } = decisionOf(model, found);
  return { allowed: true, reason, request, evidence };
}

/** The rules of the whole model that could answer an action. */
export function hitsOf({ index }: AccessModel, action: AccessAction): Hits {
  if (isPathRequest(action)) return index.forPath(action.verb, action.path ?? "");
  return index.forResource(action.verb, action.group ?? "", action.resource ?? "", action.subresource ?? "");
}

/** A request for a path that is no resource. */
export function isPathRequest({ path, resource }: AccessAction): boolean {
  return path !== undefined && resource === undefined;
}

/** The first grant, in the authorizer's order, that allows an action to a user with groups. */
export function firstGrant(
  model: AccessModel,
  identity: Identity,
  action: AccessAction,
): Allowed | undefined {
  const hits = hitsOf(model, action);
  if (hits.sets.length === 0) return undefined;
  const target = targetOf(model, action);
  const { user, groups } = identity;
  const { packed } = model;
  const users = { byName: model.users, places: packed.users };
  let first = firstOf(model, users, user, hits, target, undefined);
  const ofGroups = { byName: model.groups, places: packed.groups };
  for (let i = 0; i < groups.length; i++) first = firstOf(model, ofGroups, groups[i]!, hits, target, first);
  return first;
}

/** The first grant of one user or group that allows an action. */
export function firstHeld(
  model: AccessModel,
  kind: "users" | "groups",
  name: string,
  action: AccessAction,
): Allowed | undefined {
  const holders = { byName: model[kind], places: model.packed[kind] };
  return firstOf(model, holders, name, hitsOf(model, action), targetOf(model, action), undefined);
}

function targetOf({ packed: { scopes } }: AccessModel, action: AccessAction): Target {
  const namespace = isPathRequest(action) ? "" : (action.namespace ?? "");
  const scope = namespace === "" ? -1 : (scopes.get(namespace) ?? -1);
  return { namespace, scope, name: action.name ?? "" };
}

/** Evidence and reason of a grant; made once for each rule that decides. */
export function decisionOf(model: AccessModel, { grant, rule }: Allowed): Decision {
  const { decisions } = grant;
  let decision = decisions[rule];
  if (decision === undefined) {
    decision = { reason: reasonOf(grant), evidence: describe(model, grant, rule) };
    decisions[rule] = decision;
  }
  return decision;
}

function missingGrants({ users, groups }: AccessModel, identity: Identity, action: AccessAction): Grant[] {
  const missing: Grant[] = [];
  const namespace = isPathRequest(action) ? "" : (action.namespace ?? "");
  const collect = (bucket: Bucket | undefined) => {
    for (const grant of bucket?.missing ?? []) missing.push(grant);
  };
  const visit = (holder: Holder | undefined) => {
    if (holder === undefined) return;
    collect(holder.cluster);
    if (namespace !== "") collect(holder.namespaces.get(namespace));
  };
  visit(users.get(identity.user));
  for (const group of identity.groups) visit(groups.get(group));
  if (missing.length < 2) return missing;
  const bindings = new Set<object>();
  return missing
    .sort((a, b) => a.order - b.order)
    .filter(({ binding }) => !bindings.has(binding) && bindings.add(binding));
}

/** Errors as apimachinery's Aggregate prints them: each once, in brackets when there are several. */
export function aggregateErrors(errors: readonly string[]): string {
  const unique = [...new Set(errors)];
  return unique.length === 1 ? unique[0]! : `[${unique.join(", ")}]`;
}

function missingRoleOf(model: AccessModel, { binding, missing }: Grant): MissingRole {
  return {
    binding: placed(model, binding.resource, binding, "roleRef"),
    role: binding.role,
    message: missing,
  };
}

/** The reason that the authorizer gives for a grant. */
function reasonOf({ binding, subject }: Grant): string {
  const { kind, namespace, name, role } = binding;
  const of = kind === "RoleBinding" ? `${name}/${namespace}` : name;
  const to = subject.kind === "ServiceAccount" ? `${subject.name}/${subject.namespace}` : subject.name;
  return `RBAC: allowed by ${kind} ${quote(of)} of ${role.kind} ${quote(role.name)} to ${subject.kind} ${quote(to)}`;
}

function describe(model: AccessModel, grant: Grant, rule: number): AccessEvidence {
  const { binding, subject, role } = grant;
  const rulePath = role?.selectors === undefined ? `rules[${rule}]` : "metadata.name";
  return {
    binding: placed(model, binding.resource, binding, `subjects[${binding.subjects.indexOf(subject)}]`),
    role: placed(model, role!.resource, role!, rulePath),
    ruleIndex: rule,
    rule: role!.rules[rule]!,
    subject,
    builtin: binding.builtin,
  };
}

/** Names an object with the namespace that it is read in, and the place of one of its fields. */
export function placed(
  { locate }: AccessModel,
  resource: Parameters<typeof refOf>[0],
  { namespace }: { readonly namespace: string },
  path: string,
): PlacedRef {
  const { apiVersion, kind, name } = refOf(resource);
  const at = locate?.(resource, path);
  return { apiVersion, kind, ...(namespace !== "" && { namespace }), name, ...(at && { at }) };
}
