/** A platform with everything that needs a right of its own, and the ways to take one of them away. */
import type { Patch, Resource, Sealed } from "@ashlar/core";
import type { Platform } from "ashlar";
import { configMap, namespace, patch, service, thing, workload } from "./objects.ts";
import { platformOf } from "./platforms.ts";

/** The group of the kind `Thing`, whose definition is in the cluster. */
export const LEAST_GROUP = "least.test";

const RBAC = "rbac.authorization.k8s.io";

/** What the platform is: made, then with each object another one, then without most of them. */
export type Stage = "made" | "changed" | "emptied";

export function leastPlatform(id: string, stage: Stage = "made"): Platform {
  const changed = stage === "changed";
  const space = `${id}-shop`;
  const beside = `${id}-beside`;
  const word = changed ? "two" : "one";
  const labels = { word };
  const rbac = (kind: string, name: string, fields: object): Resource => {
    const place = kind.startsWith("Cluster") ? {} : { namespace: space };
    return { apiVersion: `${RBAC}/v1`, kind, metadata: { name, ...place, labels }, ...fields };
  };
  const rules = (resource: string) => ({
    rules: [{ apiGroups: [""], resources: [resource], verbs: [changed ? "get" : "list"] }],
  });
  const bound = (kind: string, name: string) => ({
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: "ServiceAccount", namespace: space, name: `runner-${word}` }],
  });
  const labelled = (object: Resource): Resource => ({ ...object, metadata: { ...object.metadata, labels } });
  const resources: Resource[] = [
    namespace(space, labels),
    configMap(`${space}/words`, { word }),
    labelled({ apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: space, name: "runner" } }),
    rbac("Role", "reader", rules("pods")),
    rbac("RoleBinding", "reader", bound("Role", "reader")),
    rbac("RoleBinding", "viewer", bound("ClusterRole", "view")),
    rbac("ClusterRole", `${id}-nodes`, rules("nodes")),
    rbac("ClusterRoleBinding", `${id}-nodes`, bound("ClusterRole", `${id}-nodes`)),
    service(`${space}/web`, [{ port: changed ? 81 : 80 }]),
    labelled(workload("Deployment", `${space}/web`, { spec: { replicas: 0 } })),
    thing(LEAST_GROUP, `${space}/thing`, { word }),
    namespace(beside, labels),
    configMap(`${beside}/words`, { word }),
  ];
  const patches: Patch[] = [
    patch("ConfigMap", `default/${id}-settings`, { data: { word } }),
    patch("ServiceAccount", `${space}/default`, { imagePullSecrets: [{ name: word }] }),
  ];
  const password: Sealed = {
    metadata: { namespace: space, name: "password", labels },
    type: "Opaque",
    values: { password: { from: "env", name: "PASSWORD" } },
    data: ({ password: text }) => ({ password: text! }),
    keys: ["password"],
  };
  if (stage === "emptied")
    return platformOf(id, { resources: resources.filter(({ kind }) => kind === "Namespace"), patches });
  return platformOf(id, { resources, patches, sealed: [password] });
}

/** What has to be there before: the target of a patch. */
export function beforeLeast(id: string): Resource {
  return configMap(`default/${id}-settings`, { theirs: "1" });
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** One verb on one resource, as one of the roles gives it. */
export interface Taken {
  readonly role: string;
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/** Every verb on every resource that roles give. */
export function rightsIn(roles: readonly Resource[]): Taken[] {
  return roles.filter(isRole).flatMap(({ kind, metadata, rules }) =>
    (rules as Rule[]).flatMap(({ apiGroups, resources, verbs }) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({
          role: roleName(kind, metadata.namespace),
          group: apiGroups[0]!,
          resource,
          verb,
        })),
      ),
    ),
  );
}

/** The roles without one right. */
export function without(roles: readonly Resource[], taken: Taken): Resource[] {
  return roles.map((role) => {
    if (!isRole(role) || roleName(role.kind, role.metadata.namespace) !== taken.role) return role;
    const rules = (role.rules as Rule[]).flatMap((rule) => {
      const isHit =
        rule.apiGroups[0] === taken.group &&
        rule.resources.includes(taken.resource) &&
        rule.verbs.includes(taken.verb);
      if (!isHit) return [rule];
      const others = rule.resources.filter((resource) => resource !== taken.resource);
      const verbs = rule.verbs.filter((verb) => verb !== taken.verb);
      return [
        ...(others.length > 0 ? [{ ...rule, resources: others }] : []),
        ...(verbs.length > 0 ? [{ ...rule, resources: [taken.resource], verbs }] : []),
      ];
    });
    return { ...role, rules };
  });
}

function isRole({ kind }: Resource): boolean {
  return kind === "Role" || kind === "ClusterRole";
}

function roleName(kind: string, space: string | undefined): string {
  return space === undefined ? kind : `${kind} in ${space.replace(/^.*-/, "")}`;
}
