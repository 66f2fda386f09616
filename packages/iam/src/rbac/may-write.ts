import type { Resource } from "@ashlar/core";
import { aggregateErrors, can, isPathRequest } from "./can.ts";
import { describeRules, uncovered } from "./covers.ts";
import { type Grant, missingRole, roleFinder } from "./grants.ts";
import type { AccessModel } from "./model.ts";
import { type AccessRule, RBAC_GROUP, readBinding, readRole } from "./objects.ts";
import { quote, quoteList } from "./quote.ts";
import { type AccessIdentity, type AccessRequest, type Identity, identityOf, MASTERS } from "./request.ts";

export interface MayWriteOptions {
  /** `create` (default), `update` or `patch`. */
  readonly verb?: "create" | "update" | "patch";
  /** Namespace of a Role or RoleBinding that names none; default `default`. */
  readonly defaultNamespace?: string;
}

/** Whether somebody may write a role or binding. */
export interface WriteVerdict {
  readonly allowed: boolean;
  /**
   * What decides. `system:masters`: never asked. `unchanged`: an update that changes
   * nothing. `request`: the request itself is not allowed. `escalate`, `bind`: the
   * verb that lifts the check. `held`: every right in it is held. `not-held`, `aggregation`: the check refuses.
   * `role-not-found`: the binding names no role.
   */
  readonly by:
    | "system:masters"
    | "request"
    | "unchanged"
    | "escalate"
    | "bind"
    | "held"
    | "not-held"
    | "aggregation"
    | "role-not-found";
  /** The API server's message when refused, empty when allowed. */
  readonly message: string;
  /** Rights in the role that the subject does not hold, one verb and resource each. */
  readonly missing: readonly AccessRule[];
}

const FULL_AUTHORITY: readonly AccessRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], nonResourceURLs: [] },
  { verbs: ["*"], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ["*"] },
];

const ALLOWED = { allowed: true, message: "", missing: [] } as const;

/**
 * Whether a subject may create (or update) a Role or ClusterRole: it needs the right to write roles, and every right in the
 * role or the verb `escalate` (pkg/registry/rbac/{role,clusterrole}/policybased). A ClusterRole with an aggregationRule needs
 * every right there is. Groups are taken as given: name `system:authenticated`.
 *
 * An update of an aggregated ClusterRole is judged by the new object and by the one of that name in the model.
 *
 * @throws TypeError when the object is neither Role nor ClusterRole.
 */
export function mayWriteRole(
  model: AccessModel,
  subject: AccessIdentity,
  resource: Resource,
  options: MayWriteOptions = {},
): WriteVerdict {
  const { verb = "create", defaultNamespace = "default" } = options;
  const role = readRole(resource, defaultNamespace, false);
  if (role === undefined) throw new TypeError("expected a Role or ClusterRole of rbac.authorization.k8s.io");
  const identity = identityOf(subject);
  const plural = role.kind === "Role" ? "roles" : "clusterroles";
  const { name, namespace } = role;
  const refused = refusedRequest(model, identity, verb, plural, namespace, name);
  if (refused !== undefined) return refused;
  if (identity.groups.includes(MASTERS)) return { ...ALLOWED, by: "system:masters" };
  const named = verb === "create" ? "" : name;
  if (may(model, identity, "escalate", plural, namespace, named)) return { ...ALLOWED, by: "escalate" };

  const old =
    verb === "create"
      ? undefined
      : model.roles.find((one) => one.kind === role.kind && one.name === name && one.namespace === namespace);
  if (old !== undefined && sameContent(old, role, [old.rules, old.selectors], [role.rules, role.selectors]))
    return { ...ALLOWED, by: "unchanged" };
  const missing = missingRights(model, identity, namespace, role.rules);
  if (missing.length > 0) {
    const message = forbidden(plural, name, escalation(model, identity, plural, namespace, missing));
    return { allowed: false, by: "not-held", message, missing };
  }
  const aggregates = [old, role].some((one) => (one?.selectors ?? []).length > 0);
  const lacking = aggregates ? missingRights(model, identity, namespace, FULL_AUTHORITY) : [];
  if (lacking.length === 0) return { ...ALLOWED, by: "held" };
  const message = forbidden(plural, name, "must have cluster-admin privileges to use the aggregationRule");
  return { allowed: false, by: "aggregation", message, missing: lacking };
}

/**
 * Whether a subject may create (or update) a RoleBinding or ClusterRoleBinding: it needs the right to write bindings, and
 * every right in the role that is bound or the verb `bind` on that role (pkg/registry/rbac/{rolebinding,
 * clusterrolebinding}/policybased). The role is the one in the model.
 *
 * @throws TypeError when the object is neither RoleBinding nor ClusterRoleBinding.
 */
export function mayWriteBinding(
  model: AccessModel,
  subject: AccessIdentity,
  resource: Resource,
  options: MayWriteOptions = {},
): WriteVerdict {
  const { verb = "create", defaultNamespace = "default" } = options;
  const binding = readBinding(resource, defaultNamespace, false);
  if (binding === undefined)
    throw new TypeError("expected a RoleBinding or ClusterRoleBinding of rbac.authorization.k8s.io");
  const identity = identityOf(subject);
  const { name, namespace, role: roleRef } = binding;
  const plural = binding.kind === "RoleBinding" ? "rolebindings" : "clusterrolebindings";
  const refused = refusedRequest(model, identity, verb, plural, namespace, name);
  if (refused !== undefined) return refused;
  if (identity.groups.includes(MASTERS)) return { ...ALLOWED, by: "system:masters" };
  const old =
    verb === "create"
      ? undefined
      : model.bindings.find(
          (one) => one.kind === binding.kind && one.name === name && one.namespace === namespace,
        );
  if (old !== undefined && sameContent(old, binding, [old.role, old.subjects], [roleRef, binding.subjects]))
    return { ...ALLOWED, by: "unchanged" };
  const roles = roleRef.kind === "Role" ? "roles" : "clusterroles";
  const known = roleRef.kind === "Role" || roleRef.kind === "ClusterRole";
  if (known && may(model, identity, "bind", roles, namespace, roleRef.name))
    return { ...ALLOWED, by: "bind" };

  const role = roleFinder(model.roles)(roleRef.kind, namespace, roleRef.name);
  if (role === undefined)
    return {
      allowed: false,
      by: "role-not-found",
      message: missingHere(plural, roleRef),
      missing: [],
    };
  const missing = missingRights(model, identity, namespace, role.rules);
  if (missing.length === 0) return { ...ALLOWED, by: "held" };
  const message = forbidden(plural, name, escalation(model, identity, plural, namespace, missing));
  return { allowed: false, by: "not-held", message, missing };
}

/** The API server's words about a request that is not allowed (apiserver/pkg/endpoints/handlers/responsewriters). */
export function forbiddenRequest(request: AccessRequest, reason: string): string {
  const { verb, group = "", resource = "", subresource = "", namespace = "", name = "", path } = request;
  const user = quote(identityOf(request).user);
  const because = reason === "" ? "" : `: ${reason}`;
  if (isPathRequest(request))
    return `forbidden: ${sanitized(`User ${user} cannot ${verb} path ${quote(path ?? "")}`)}${because}`;
  const what = quote(subresource === "" ? resource : `${resource}/${subresource}`);
  const where = namespace === "" ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
  const text = `User ${user} cannot ${verb} resource ${what} in API group ${quote(group)} ${where}`;
  return forbidden(resource, name, `${sanitized(text)}${because}`, group);
}

function sanitized(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function forbidden(plural: string, name: string, text: string, group: string = RBAC_GROUP): string {
  const resource = group === "" ? plural : `${plural}.${group}`;
  return `${resource}${name === "" ? "" : ` ${quote(name)}`} is forbidden: ${text}`;
}

/** Whether an update changes at most what the garbage collector uses: the server lets that pass unchecked. */
function sameContent(
  old: { readonly resource: Resource },
  now: { readonly resource: Resource },
  oldParts: unknown,
  parts: unknown,
): boolean {
  const words = ({ resource: { metadata } }: { readonly resource: Resource }) =>
    [metadata?.labels, metadata?.annotations].map((map) => Object.entries(map ?? {}).sort());
  return (
    JSON.stringify(oldParts) === JSON.stringify(parts) &&
    JSON.stringify(words(old)) === JSON.stringify(words(now))
  );
}

function refusedRequest(
  model: AccessModel,
  identity: Identity,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): WriteVerdict | undefined {
  const request: AccessRequest = {
    ...identity,
    verb,
    group: RBAC_GROUP,
    resource,
    ...(namespace !== "" && { namespace }),
    ...(verb !== "create" && { name }),
  };
  const { allowed, reason } = can(model, request);
  if (allowed) return undefined;
  return { allowed, by: "request", message: forbiddenRequest(request, reason), missing: [] };
}

function may(
  model: AccessModel,
  identity: Identity,
  verb: string,
  resource: string,
  namespace: string,
  name: string,
): boolean {
  return can(model, { ...identity, verb, group: RBAC_GROUP, resource, namespace, name }).allowed;
}

function missingRights(
  model: AccessModel,
  identity: Identity,
  namespace: string,
  wanted: readonly AccessRule[],
): AccessRule[] {
  return uncovered(holdings(model, identity, namespace).rules, wanted);
}

/** Every rule that applies to somebody in a namespace, and the grants whose role is missing. */
function holdings(
  { users, groups }: AccessModel,
  { user, groups: names }: Identity,
  namespace: string,
): { readonly rules: AccessRule[]; readonly lost: Grant[] } {
  const holders = [users.get(user), ...names.map((name) => groups.get(name))];
  const buckets = holders
    .flatMap((holder) => [holder?.cluster, namespace === "" ? undefined : holder?.namespaces.get(namespace)])
    .filter((bucket) => bucket !== undefined);
  const lost = buckets.flatMap(({ missing }) => missing).sort((a, b) => a.order - b.order);
  return {
    rules: buckets.flatMap(({ grants }) => grants.flatMap(({ role }) => role?.rules ?? [])),
    lost,
  };
}

/** The check finds roles through the storage of the request, which names what is missing by the request's own resource. */
function missingHere(
  plural: string,
  { kind, name }: { readonly kind: string; readonly name: string },
): string {
  if (kind !== "Role" && kind !== "ClusterRole") return missingRole(kind, name);
  return `${plural}.${RBAC_GROUP} ${quote(name)} not found`;
}

function escalation(
  model: AccessModel,
  identity: Identity,
  plural: string,
  namespace: string,
  missing: readonly AccessRule[],
): string {
  const { user, groups } = identity;
  const errors = holdings(model, identity, namespace).lost.map(({ binding }) =>
    missingHere(plural, binding.role),
  );
  const unresolved = errors.length === 0 ? "" : `; resolution errors: [${aggregateErrors(errors)}]`;
  const rights = describeRules(missing).join("\n");
  return `user ${quote(user)} (groups=${quoteList(groups)}) is attempting to grant RBAC permissions not currently held:\n${rights}${unresolved}`;
}
