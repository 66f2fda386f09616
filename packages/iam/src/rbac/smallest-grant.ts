import type { Resource } from "@ashlar/core";
import { hitsOf, isPathRequest } from "./can.ts";
import { allowingRule } from "./hits.ts";
import type { AccessModel } from "./model.ts";
import { type AccessRole, type AccessRule, type AccessSubject, RBAC_GROUP } from "./objects.ts";
import { type AccessRequest, identityOf } from "./request.ts";
import { subjectOfUser } from "./who-can.ts";

/** What would make a denied request allowed. */
export interface SmallestGrant {
  /** A role with this one right and its binding. */
  readonly resources: readonly Resource[];
  /** The binding to the role of the model that has this right and the fewest others; absent when none has it but those that allow everything. */
  readonly existing?: { readonly binding: Resource; readonly role: AccessRole; readonly rights: number };
}

const API_VERSION = `${RBAC_GROUP}/v1`;
const NAMELESS: ReadonlySet<string> = new Set(["create", "deletecollection"]);

/**
 * The smallest grant that allows a request: in the namespace of the request when it has one, to the user or ServiceAccount of
 * the request, else to its first group that is not one of Kubernetes' own. `undefined` when it names nobody.
 */
export function smallestGrant(model: AccessModel, request: AccessRequest): SmallestGrant | undefined {
  const subject = subjectOf(request);
  if (subject === undefined) return undefined;
  const inCluster = isPathRequest(request) || (request.namespace ?? "") === "";
  const namespace = inCluster ? undefined : request.namespace;
  const name = freeName(model, nameFor(subject, request));
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const kind = inCluster ? "ClusterRole" : "Role";
  const role: Resource = { apiVersion: API_VERSION, kind, metadata, rules: [ruleFor(request)] };
  const bindingTo = (roleKind: string, roleName: string, bindingName: string): Resource => ({
    apiVersion: API_VERSION,
    kind: inCluster ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { ...metadata, name: bindingName },
    roleRef: { apiGroup: RBAC_GROUP, kind: roleKind, name: roleName },
    subjects: [writtenSubject(subject)],
  });
  const resources = [role, bindingTo(kind, name, name)];
  const known = smallestRole(model, request, namespace);
  if (known === undefined) return { resources };
  const bindingName = freeName(model, `${subject.name}-${known.role.name}`);
  return {
    resources,
    existing: { ...known, binding: bindingTo(known.role.kind, known.role.name, bindingName) },
  };
}

/**
 * The role that allows the request with the fewest rights in all. Not offered: Kubernetes' own roles named `system:…`, and
 * roles that allow everything.
 */
function smallestRole(
  model: AccessModel,
  request: AccessRequest,
  namespace: string | undefined,
): { readonly role: AccessRole; readonly rights: number } | undefined {
  const hits = hitsOf(model, request);
  let best: { readonly role: AccessRole; readonly rights: number } | undefined;
  for (const role of model.roles) {
    if (
      role.name.startsWith("system:") ||
      role.rules.some(isEverything) ||
      (role.kind === "Role" && role.namespace !== namespace)
    )
      continue;
    if (allowingRule(hits, model.index.numbers.get(role.rules) ?? -1, request.name ?? "") < 0) continue;
    const rights = rightsCount(role);
    if (best === undefined || rights < best.rights) best = { role, rights };
  }
  return best;
}

function isEverything({ verbs, apiGroups, resources }: AccessRule): boolean {
  return verbs.includes("*") && apiGroups.includes("*") && resources.includes("*");
}

/** Verbs × groups × resources (or paths), a star counting as a thousand words. */
function rightsCount({ rules }: AccessRole): number {
  const words = (list: readonly string[]) =>
    list.reduce((sum, word) => sum + (word.includes("*") ? 1000 : 1), 0);
  return rules.reduce((sum, { verbs, apiGroups, resources, nonResourceURLs, resourceNames }) => {
    const onResources = words(apiGroups) * words(resources) * Math.max(1, resourceNames.length);
    return sum + words(verbs) * (onResources + words(nonResourceURLs));
  }, 0);
}

function ruleFor(request: AccessRequest): Record<string, readonly string[]> {
  const { verb, group = "", resource = "", subresource = "", name = "", path } = request;
  if (isPathRequest(request)) return { verbs: [verb], nonResourceURLs: [path ?? ""] };
  return {
    verbs: [verb],
    apiGroups: [group],
    resources: [subresource === "" ? resource : `${resource}/${subresource}`],
    ...(name !== "" && !NAMELESS.has(verb) && { resourceNames: [name] }),
  };
}

function subjectOf(request: AccessRequest): AccessSubject | undefined {
  const { user, groups } = identityOf(request);
  if (user !== "") return subjectOfUser(user);
  const name = groups.find((group) => !group.startsWith("system:")) ?? groups[0];
  return name === undefined ? undefined : { kind: "Group", name, namespace: "" };
}

function writtenSubject({ kind, name, namespace }: AccessSubject): Record<string, string> {
  return kind === "ServiceAccount" ? { kind, name, namespace } : { apiGroup: RBAC_GROUP, kind, name };
}

function nameFor({ name }: AccessSubject, request: AccessRequest): string {
  const { verb, resource = "", subresource = "", path } = request;
  return [name, verb, ...(isPathRequest(request) ? [path ?? ""] : [resource, subresource])].join("-");
}

/** A name that the API accepts and that no role or binding has: words of letters and digits, joined by dashes. */
function freeName({ roles, bindings }: AccessModel, wanted: string): string {
  const base =
    wanted
      .replace(/[^A-Za-z0-9:]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 200) || "grant";
  const taken = new Set([...roles, ...bindings].map(({ name }) => name));
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  return name;
}
