import { apiGroup, type Resource } from "../../resource.ts";
import { bindingReferences } from "./binding-references.ts";
import { extensionReferences } from "./extension-references.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import { podReferences } from "./pod-references.ts";
import { podTemplateOf } from "./pod-templates.ts";
import type { Reference } from "./reference.ts";
import { ingressReferences, isGatewayRoute, routeReferences } from "./route-references.ts";
import { CLAIM, SECRET } from "./target.ts";

type Walk = (from: Resource) => Reference[];

/** The kinds that refer to others, with their API groups; pod templates are found by their shape. */
const WALKS: Readonly<Record<string, readonly [groups: readonly string[], walk: Walk]>> = {
  ServiceAccount: [[""], accountReferences],
  PersistentVolumeClaim: [[""], claimReferences],
  Ingress: [["networking.k8s.io", "extensions"], ingressReferences],
  RoleBinding: [["rbac.authorization.k8s.io"], bindingReferences],
  ClusterRoleBinding: [["rbac.authorization.k8s.io"], bindingReferences],
  APIService: [["apiregistration.k8s.io"], extensionReferences],
  CustomResourceDefinition: [["apiextensions.k8s.io"], extensionReferences],
  MutatingWebhookConfiguration: [["admissionregistration.k8s.io"], extensionReferences],
  ValidatingWebhookConfiguration: [["admissionregistration.k8s.io"], extensionReferences],
};

/** Every object that one object names, in the order of its fields. Broken fields are passed over. */
export function referencesOf(resource: Resource): Reference[] {
  const kind = textOf(resource.kind);
  const entry = Object.hasOwn(WALKS, kind) ? WALKS[kind] : undefined;
  if (entry?.[0].includes(apiGroup(textOf(resource.apiVersion)))) return entry[1](resource);
  if (isGatewayRoute(resource)) return routeReferences(resource);
  const template = podTemplateOf(resource);
  return template ? podReferences(template) : [];
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

function claimReferences(from: Resource): Reference[] {
  const spec = fieldsOf(from.spec);
  return ["dataSource", "dataSourceRef"].flatMap((field): Reference[] => {
    const { kind, name, namespace } = fieldsOf(spec[field]);
    if (kind !== "PersistentVolumeClaim" || textOf(name) === "") return [];
    return [
      {
        from,
        path: ["spec", field, "name"],
        target: CLAIM,
        namespace: textOf(namespace) || namespaceOf(from),
        name: textOf(name),
        by: field,
        optional: false,
      },
    ];
  });
}
