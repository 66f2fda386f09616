import type { Inventory, Resource, Rule } from "@ashlar/core";

const GROUP = "rbac.authorization.k8s.io";
const API = `${GROUP}/v1`;

type Fields = Readonly<Record<string, unknown>>;

/** A rule of a role in one line: `get,list secrets`, `create deployments.apps named a,b`, `get /metrics`; `*` is everything. */
export function rule(text: string): Fields {
  const [verbs = "", things = "", , names] = text.split(" ");
  const lists = { verbs: verbs.split(",") };
  if (things.startsWith("/") || things.startsWith("url:"))
    return { ...lists, nonResourceURLs: things.replace("url:", "").split(",") };
  const [resources = "", ...group] = things.split(".");
  return {
    ...lists,
    apiGroups: [group.join(".")],
    resources: resources.split(","),
    ...(names !== undefined && { resourceNames: names.split(",") }),
  };
}

/** A ClusterRole, or a Role when `where` is `namespace/name`. */
export function role(where: string, ...rules: readonly (string | Fields)[]): Resource {
  return {
    ...named(where, "Role"),
    rules: rules.map((one) => (typeof one === "string" ? rule(one) : one)),
  };
}

/** A ClusterRole with labels. */
export function labelled(
  name: string,
  labels: Readonly<Record<string, string>>,
  ...rules: string[]
): Resource {
  const made = role(name, ...rules);
  return { ...made, metadata: { ...made.metadata, labels } };
}

/**
 * A ClusterRoleBinding, or a RoleBinding when `where` is `namespace/name`. The role is `Role/x` or a ClusterRole's name;
 * subjects are `Group x`, `User x` and `ServiceAccount namespace/x`.
 */
export function binding(where: string, to: string, ...subjects: readonly string[]): Resource {
  const [kind, name] = to.startsWith("Role/") ? ["Role", to.slice("Role/".length)] : ["ClusterRole", to];
  return {
    ...named(where, "RoleBinding"),
    roleRef: { apiGroup: GROUP, kind, name },
    subjects: subjects.map(subject),
  };
}

/** What a rule finds, one line each: `Kind namespace/name path: message`. */
export function found(by: Rule, resources: readonly Resource[], more: Partial<Inventory> = {}): string[] {
  return by.check({ resources, ...more }).map(({ message, path }) => `${message} @ ${path}`);
}

function subject(text: string): Fields {
  const [kind = "", name = ""] = text.split(" ");
  if (kind !== "ServiceAccount") return { apiGroup: GROUP, kind, name };
  const [namespace, own] = name.split("/");
  return own === undefined ? { kind, name: namespace } : { kind, name: own, namespace };
}

function named(where: string, kind: string): Resource {
  const slash = where.indexOf("/");
  if (slash < 0) return { apiVersion: API, kind: `Cluster${kind}`, metadata: { name: where } };
  return {
    apiVersion: API,
    kind,
    metadata: { name: where.slice(slash + 1), namespace: where.slice(0, slash) },
  };
}
