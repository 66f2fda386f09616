import type { Resource, ResourceRef } from "../resource.ts";
import { fieldsOf, textOf } from "../rules/references/json-values.ts";
import { isMember } from "./apply-set.ts";
import { groupVersion } from "./discovery.ts";
import { type Plan, type PlanState, type PlanStep, stateOf } from "./plan-state.ts";

/** Rights: verbs on resources of a group, on these names alone when there are some. */
export interface Right {
  /** `undefined`: of the whole cluster. */
  readonly namespace: string | undefined;
  readonly group: string;
  readonly resource: string;
  readonly name?: string;
  readonly verbs: readonly string[];
}

export interface PermissionOptions {
  /** Rights besides those of applying: to read what claims are proved with. */
  readonly also?: readonly Right[];
  readonly prune?: boolean;
  /** Told of each object whose rights are not among them: neither the server nor the plan defines its kind. */
  readonly onUndefined?: (ref: ResourceRef) => void;
  /** Whom they are given to; absent: roles alone. */
  readonly subject?: {
    readonly kind: "User" | "Group" | "ServiceAccount";
    readonly name: string;
    readonly namespace?: string;
  };
}

/**
 * The least that whoever applies this plan, and later ones of the same platform, has to be allowed: a ClusterRole, and a Role in each
 * namespace. Names are named wherever the API server looks at them.
 */
export function permissionsOf(
  plan: Plan,
  { also = [], prune = false, subject, onUndefined }: PermissionOptions = {},
): Resource[] {
  const state = stateOf(plan);
  const { inventory, steps } = state;
  for (const { item, type, body } of steps)
    if (type === undefined && pluralOf(body, state) === undefined) onUndefined?.(item.ref);
  const rights: Right[] = [
    { namespace: inventory.namespace, group: "", resource: "configmaps", name: inventory.name, verbs: APPLY },
    ...steps.flatMap((step) => rightsOfStep(step, state)),
    ...(prune ? steps.flatMap(rightsToPrune) : []),
    ...also,
  ];
  const needed = withoutCovered(rights);
  const namespaces = [...new Set(needed.map(({ namespace }) => namespace))].sort((a, b) =>
    (a ?? "") < (b ?? "") ? -1 : 1,
  );
  return [
    ...steps.flatMap(({ item, live }) =>
      item.ref.kind === "Namespace" && live === undefined ? bare(item.ref.name) : [],
    ),
    ...namespaces.flatMap((namespace) => rolesIn(namespace, needed, `ashlar-${plan.name}`, subject)),
  ];
}

/** Without what a right in the whole cluster gives already. */
function withoutCovered(rights: readonly Right[]): Right[] {
  const isWide = ({ namespace, name }: Right) => namespace === undefined && name === undefined;
  const keyOf = ({ group, resource }: Right, verb: string) => `${group}/${resource}/${verb}`;
  const wide = new Set(
    rights.filter(isWide).flatMap((right) => right.verbs.map((verb) => keyOf(right, verb))),
  );
  return rights.flatMap((right) => {
    if (isWide(right)) return right;
    const verbs = right.verbs.filter((verb) => !wide.has(keyOf(right, verb)));
    return verbs.length === 0 ? [] : { ...right, verbs };
  });
}

/** What an apply asks of the server for one object: the patch verb, and create when the object is not there yet. */
const APPLY = ["get", "patch", "create"];

/** A role in a namespace can only be made when the namespace is there. */
function bare(name: string): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

function rightsOfStep({ item, type, body }: PlanStep, state: PlanState): Right[] {
  const { group } = groupVersion(body.apiVersion);
  const resource = type?.resource ?? pluralOf(body, state);
  if (resource === undefined) return [];
  const { namespace, name } = body.metadata;
  const where = { namespace, group };
  // A Namespace comes with the roles in it: nobody has to be allowed to make it.
  const verbs = item.what === "patch" || body.kind === "Namespace" ? ["get", "patch"] : APPLY;
  return [
    ...(item.action === "prune" ? [] : [{ ...where, resource, name, verbs }]),
    ...rightsToGrant(body),
    ...(makesPods(body) ? [{ namespace, group: "", resource: "pods", verbs: ["list"] }] : []),
  ];
}

/** The plural of a kind whose definition comes with the plan. */
function pluralOf({ apiVersion, kind }: Resource, { steps }: PlanState): string | undefined {
  const { group } = groupVersion(apiVersion);
  for (const { body } of steps) {
    const { group: defined, names } = fieldsOf(body.spec);
    if (body.kind === "CustomResourceDefinition" && defined === group && fieldsOf(names).kind === kind)
      return textOf(fieldsOf(names).plural);
  }
  return undefined;
}

/** Who writes roles and bindings has to have the rights in them, or these verbs. */
function rightsToGrant(body: Resource): Right[] {
  const group = "rbac.authorization.k8s.io";
  if (groupVersion(body.apiVersion).group !== group) return [];
  const { namespace, name } = body.metadata;
  if (body.kind === "Role") return [{ namespace, group, resource: "roles", name, verbs: ["escalate"] }];
  if (body.kind === "ClusterRole")
    return [{ namespace, group, resource: "clusterroles", name, verbs: ["escalate"] }];
  const role = fieldsOf(body.roleRef);
  const resource = role.kind === "Role" ? "roles" : "clusterroles";
  return [{ namespace, group, resource, name: textOf(role.name), verbs: ["bind"] }];
}

function makesPods({ kind }: Resource): boolean {
  return ["Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet"].includes(kind);
}

/** Names that are not known yet cannot be named: of members any may be removed one day. */
function rightsToPrune({ type, body, item }: PlanStep): Right[] {
  if (type === undefined || item.what === "patch" || !isMember(body)) return [];
  const { namespace } = body.metadata;
  return ["list", "delete"].map((verb) => ({
    namespace,
    group: type.group,
    resource: type.resource,
    verbs: [verb],
  }));
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

function rolesIn(
  namespace: string | undefined,
  rights: readonly Right[],
  name: string,
  subject: PermissionOptions["subject"],
): Resource[] {
  const kind = namespace === undefined ? "ClusterRole" : "Role";
  const metadata = { name, ...(namespace !== undefined && { namespace }) };
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const role = {
    apiVersion,
    kind,
    metadata,
    rules: rulesOf(rights.filter((right) => right.namespace === namespace)),
  };
  if (subject === undefined) return [role];
  const apiGroup = "rbac.authorization.k8s.io";
  const binding = {
    apiVersion,
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup, kind, name },
    subjects: [subject.kind === "ServiceAccount" ? subject : { apiGroup, ...subject }],
  };
  return [role, binding];
}

/** One rule per resource and verbs, with its names; rules with the same names and verbs in one group are one. */
function rulesOf(rights: readonly Right[]): Rule[] {
  const byResource = new Map<string, { readonly right: Right; readonly names: Set<string> }>();
  for (const right of rights) {
    const key = JSON.stringify([right.group, right.resource, right.verbs, right.name === undefined]);
    const entry = byResource.get(key) ?? { right, names: new Set<string>() };
    if (right.name !== undefined) entry.names.add(right.name);
    byResource.set(key, entry);
  }
  const byNames = new Map<string, { readonly rule: Rule; readonly resources: Set<string> }>();
  for (const { right, names } of byResource.values()) {
    const sorted = [...names].sort();
    const key = JSON.stringify([right.group, right.verbs, sorted]);
    const rule = {
      apiGroups: [right.group],
      resources: [],
      ...(sorted.length > 0 && { resourceNames: sorted }),
      verbs: right.verbs,
    };
    const entry = byNames.get(key) ?? { rule, resources: new Set<string>() };
    entry.resources.add(right.resource);
    byNames.set(key, entry);
  }
  return [...byNames.values()].map(({ rule, resources }) => ({ ...rule, resources: [...resources].sort() }));
}
