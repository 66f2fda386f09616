import { apiGroup, type Resource } from "../../resource.ts";
import { bindingReferences } from "./binding-references.ts";
import { extensionReferences } from "./extension-references.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import { classReferences, podReferences } from "./pod-references.ts";
import { podTemplateOf } from "./pod-templates.ts";
import type { Reference } from "./reference.ts";
import { ingressReferences, isGatewayRoute, routeReferences } from "./route-references.ts";
import { scaleReferences } from "./scale-references.ts";
import { claimReferences, statefulReferences } from "./storage-references.ts";
import { SECRET } from "./target.ts";

/** How the references of a kind are found. */
interface Walk {
  readonly groups: readonly string[];
  readonly walk: (from: Resource) => Reference[];
}

const RBAC = ["rbac.authorization.k8s.io"];
const bindings: Walk = {
  groups: RBAC,
  walk: bindingReferences,
};
const extensions = (group: string): Walk => ({
  groups: [group],
  walk: extensionReferences,
});

/** The kinds that refer to others; pod templates are found by their shape. */
const WALKS: Readonly<Record<string, Walk>> = {
  ServiceAccount: { groups: [""], walk: accountReferences },
  PersistentVolumeClaim: { groups: [""], walk: claimReferences },
  HorizontalPodAutoscaler: { groups: ["autoscaling"], walk: scaleReferences },
  Ingress: {
    groups: ["networking.k8s.io", "extensions"],
    walk: ingressReferences,
  },
  RoleBinding: bindings,
  ClusterRoleBinding: bindings,
  APIService: extensions("apiregistration.k8s.io"),
  CustomResourceDefinition: extensions("apiextensions.k8s.io"),
  MutatingWebhookConfiguration: extensions("admissionregistration.k8s.io"),
  ValidatingWebhookConfiguration: extensions("admissionregistration.k8s.io"),
};

/** Every object that one object names, in the order of its fields. Broken fields are passed over. */
export function referencesOf(resource: Resource): readonly Reference[] {
  const kind = textOf(resource.kind);
  const entry = Object.hasOwn(WALKS, kind) ? WALKS[kind] : undefined;
  if (entry?.groups.includes(apiGroup(textOf(resource.apiVersion)))) return entry.walk(resource);
  if (isGatewayRoute(resource)) return routeReferences(resource);
  const template = podTemplateOf(resource);
  const found = template ? [...podReferences(template), ...classReferences(template)] : NONE;
  return kind === "StatefulSet" ? [...found, ...statefulReferences(resource)] : found;
}

const NONE: readonly Reference[] = [];

function accountReferences(from: Resource): Reference[] {
  return listOf(from.imagePullSecrets).flatMap((secret, i): Reference[] => {
    const name = textOf(fieldsOf(secret).name);
    if (name === "") return [];
    const path = ["imagePullSecrets", i, "name"];
    const by = "imagePullSecrets";
    return [{ from, path, target: SECRET, namespace: namespaceOf(from), name, by, optional: false }];
  });
}
