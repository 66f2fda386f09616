import { apiGroup, type Resource } from "../../resource.ts";
import { bindingReferences } from "./binding-references.ts";
import { extensionReferences } from "./extension-references.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import { classReferences, podReferences } from "./pod-references.ts";
import { podTemplateOf } from "./pod-templates.ts";
import type { Reference } from "./reference.ts";
import { ingressReferences, isGatewayRoute, routeReferences } from "./route-references.ts";
import { SCALABLE, scaleReferences } from "./scale-references.ts";
import { claimReferences, statefulReferences } from "./storage-references.ts";
import {
  CLAIM,
  CLUSTER_ROLE,
  CONFIG_MAP,
  INGRESS_CLASS,
  PRIORITY_CLASS,
  ROLE,
  RUNTIME_CLASS,
  SECRET,
  SERVICE,
  SERVICE_ACCOUNT,
  STORAGE_CLASS,
  type Target,
} from "./target.ts";

/** How the references of a kind are found, and to what they can be. */
interface Walk {
  readonly groups: readonly string[];
  readonly targets: readonly Target[];
  readonly walk: (from: Resource) => Reference[];
}

const RBAC = ["rbac.authorization.k8s.io"];
const bindings: Walk = {
  groups: RBAC,
  targets: [ROLE, CLUSTER_ROLE, SERVICE_ACCOUNT],
  walk: bindingReferences,
};
const extensions = (group: string): Walk => ({
  groups: [group],
  targets: [SERVICE],
  walk: extensionReferences,
});

/** The kinds that refer to others; pod templates are found by their shape. */
const WALKS: Readonly<Record<string, Walk>> = {
  ServiceAccount: { groups: [""], targets: [SECRET], walk: accountReferences },
  PersistentVolumeClaim: { groups: [""], targets: [CLAIM, STORAGE_CLASS], walk: claimReferences },
  HorizontalPodAutoscaler: { groups: ["autoscaling"], targets: SCALABLE, walk: scaleReferences },
  Ingress: {
    groups: ["networking.k8s.io", "extensions"],
    targets: [SERVICE, SECRET, INGRESS_CLASS],
    walk: ingressReferences,
  },
  RoleBinding: bindings,
  ClusterRoleBinding: bindings,
  APIService: extensions("apiregistration.k8s.io"),
  CustomResourceDefinition: extensions("apiextensions.k8s.io"),
  MutatingWebhookConfiguration: extensions("admissionregistration.k8s.io"),
  ValidatingWebhookConfiguration: extensions("admissionregistration.k8s.io"),
};

/**
 * Every object of the kinds in `targets` that one object names, in the order of its fields. Broken fields are passed
 * over; what cannot name such a kind is not walked at all.
 */
export function referencesOf(resource: Resource, targets: readonly Target[]): Reference[] {
  const kind = textOf(resource.kind);
  const wants = (some: readonly Target[]) => some.some((target) => targets.includes(target));
  const entry = Object.hasOwn(WALKS, kind) ? WALKS[kind] : undefined;
  if (entry?.groups.includes(apiGroup(textOf(resource.apiVersion))))
    return wants(entry.targets) ? only(entry.walk(resource), targets) : [];
  if (isGatewayRoute(resource)) return wants([SERVICE]) ? routeReferences(resource) : [];
  const found: Reference[] = [];
  if (wants(POD_TARGETS) || wants(CLASS_TARGETS)) {
    const template = podTemplateOf(resource);
    if (template && wants(POD_TARGETS)) found.push(...podReferences(template));
    if (template && wants(CLASS_TARGETS)) found.push(...classReferences(template));
  }
  if (kind === "StatefulSet" && wants([SERVICE, STORAGE_CLASS])) found.push(...statefulReferences(resource));
  return only(found, targets);
}

const POD_TARGETS = [SERVICE_ACCOUNT, SECRET, CONFIG_MAP, CLAIM];
const CLASS_TARGETS = [PRIORITY_CLASS, RUNTIME_CLASS];

function only(references: readonly Reference[], targets: readonly Target[]): Reference[] {
  return references.filter(({ target }) => targets.includes(target));
}

function accountReferences(from: Resource): Reference[] {
  return listOf(from.imagePullSecrets).flatMap((secret, i): Reference[] => {
    const name = textOf(fieldsOf(secret).name);
    if (name === "") return [];
    const path = ["imagePullSecrets", i, "name"];
    const by = "imagePullSecrets";
    return [{ from, path, target: SECRET, namespace: namespaceOf(from), name, by, optional: false }];
  });
}
