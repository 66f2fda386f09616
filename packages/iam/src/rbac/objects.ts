import { apiGroup, type LabelSelector, type Resource } from "@ashlar/core";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

/** A rule of a role, all lists present. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** A Role or ClusterRole. */
export interface AccessRole {
  readonly kind: "Role" | "ClusterRole";
  /** Empty for a ClusterRole. */
  readonly namespace: string;
  readonly name: string;
  /** What the authorizer reads: of an aggregated ClusterRole, what the controller gathers. */
  readonly rules: readonly AccessRule[];
  readonly labels: Readonly<Record<string, string>>;
  /** `aggregationRule.clusterRoleSelectors`; absent on a role without aggregation. */
  readonly selectors?: readonly LabelSelector[];
  readonly resource: Resource;
  /** Made by Kubernetes itself and not part of the set. */
  readonly builtin: boolean;
}

/** Whom a binding names: a user, a group or a ServiceAccount. */
export interface AccessSubject {
  /** `User`, `Group` or `ServiceAccount`; anything else matches nobody. */
  readonly kind: string;
  readonly name: string;
  /** Of a ServiceAccount: as written, or the RoleBinding's own. Empty for other kinds. */
  readonly namespace: string;
}

/** A RoleBinding or ClusterRoleBinding. */
export interface AccessBinding {
  readonly kind: "RoleBinding" | "ClusterRoleBinding";
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly name: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly AccessSubject[];
  readonly resource: Resource;
  /** Made by Kubernetes itself and not part of the set. */
  readonly builtin: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a role without trusting its shape; `undefined` for every other kind. */
export function readRole(
  resource: Resource,
  defaultNamespace: string,
  builtin: boolean,
): AccessRole | undefined {
  const { kind } = resource;
  if ((kind !== "Role" && kind !== "ClusterRole") || !isRbac(resource)) return undefined;
  const { rules, aggregationRule } = resource;
  const labels = fieldsOf(fieldsOf(resource.metadata).labels);
  const role: AccessRole = {
    kind,
    namespace: kind === "Role" ? namespaceOf(resource, defaultNamespace) : "",
    name: nameOf(resource),
    rules: readRules(rules),
    labels: Object.fromEntries(
      Object.entries(labels).filter((entry) => typeof entry[1] === "string"),
    ) as Record<string, string>,
    resource,
    builtin,
  };
  if (kind === "Role" || !isFields(aggregationRule)) return role;
  return { ...role, selectors: listOf(aggregationRule.clusterRoleSelectors).map(readSelector) };
}

/** Reads a binding without trusting its shape; `undefined` for every other kind. */
export function readBinding(
  resource: Resource,
  defaultNamespace: string,
  builtin: boolean,
): AccessBinding | undefined {
  const { kind } = resource;
  if ((kind !== "RoleBinding" && kind !== "ClusterRoleBinding") || !isRbac(resource)) return undefined;
  const namespace = kind === "RoleBinding" ? namespaceOf(resource, defaultNamespace) : "";
  const roleRef = fieldsOf(resource.roleRef);
  return {
    kind,
    namespace,
    name: nameOf(resource),
    role: { kind: textOf(roleRef.kind), name: textOf(roleRef.name) },
    subjects: listOf(resource.subjects).map((value) => readSubject(fieldsOf(value), namespace)),
    resource,
    builtin,
  };
}

/** Rules of any JSON value: what is no list is empty, what is no string is left out. */
export function readRules(rules: unknown): AccessRule[] {
  return listOf(rules).map((value) => {
    const rule = fieldsOf(value);
    return {
      verbs: textsOf(rule.verbs),
      apiGroups: textsOf(rule.apiGroups),
      resources: textsOf(rule.resources),
      resourceNames: textsOf(rule.resourceNames),
      nonResourceURLs: textsOf(rule.nonResourceURLs),
    };
  });
}

/** Two rules with the same text have equal keys. */
export function ruleKey(rule: AccessRule): string {
  return JSON.stringify([
    rule.verbs,
    rule.apiGroups,
    rule.resources,
    rule.resourceNames,
    rule.nonResourceURLs,
  ]);
}

/** The user name of a ServiceAccount's tokens. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

function readSubject(subject: Fields, bindingNamespace: string): AccessSubject {
  const kind = textOf(subject.kind);
  const namespace = kind === "ServiceAccount" ? textOf(subject.namespace) || bindingNamespace : "";
  return { kind, name: textOf(subject.name), namespace };
}

/** A selector with every part well formed; a part of another shape becomes one that no server accepts (operator ""). */
function readSelector(value: unknown): LabelSelector {
  const selector = fieldsOf(value);
  const matchLabels: Record<string, string> = Object.create(null);
  for (const [key, text] of Object.entries(fieldsOf(selector.matchLabels))) matchLabels[key] = textOf(text);
  const matchExpressions = listOf(selector.matchExpressions).map((item) => {
    const { key, operator, values } = fieldsOf(item);
    return { key: textOf(key), operator: textOf(operator), values: textsOf(values) };
  });
  return { matchLabels, matchExpressions };
}

function isRbac(resource: Resource): boolean {
  return typeof resource.apiVersion === "string" && apiGroup(resource.apiVersion) === RBAC_GROUP;
}

function nameOf(resource: Resource): string {
  return textOf(fieldsOf(resource.metadata).name);
}

function namespaceOf(resource: Resource, defaultNamespace: string): string {
  return textOf(fieldsOf(resource.metadata).namespace) || defaultNamespace;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === "string");
}
