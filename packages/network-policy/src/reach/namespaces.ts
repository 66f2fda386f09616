import { apiGroup, type Resource } from "@ashlar/core";
import { asFields, asStrings, asText, scopedName } from "./resources.ts";
import type { LabelFacts } from "./truth.ts";

/** Labels of a namespace; `complete: false` when its object is not in the set, or only a part of it is. */
export interface NamespaceFacts extends LabelFacts {
  readonly name: string;
  readonly resource?: Resource;
}

/** The label that the API server sets on each namespace to its name. */
const nameLabel = "kubernetes.io/metadata.name";

/**
 * Every namespace that an object of the set is or is in. Namespaces of one name that differ are known as far as they
 * agree.
 */
export function readNamespaces(
  resources: readonly Resource[],
  options: { readonly defaultNamespace?: string; readonly partialNamespaces?: readonly string[] },
): Map<string, NamespaceFacts> {
  const { defaultNamespace = "default", partialNamespaces = [] } = options;
  const partial = new Set(partialNamespaces);
  const namespaces = new Map<string, NamespaceFacts>();
  for (const resource of resources) {
    if (resource.kind !== "Namespace" || apiGroup(asText(resource.apiVersion)) !== "") continue;
    const { name } = scopedName(resource, "");
    const labels = asStrings(asFields(resource.metadata)?.labels);
    const facts: NamespaceFacts = {
      name,
      resource,
      labels: { ...labels, [nameLabel]: name },
      complete: labels !== undefined && !partial.has(name),
    };
    const known = namespaces.get(name);
    namespaces.set(name, known === undefined ? facts : agreement(known, facts));
  }
  for (const resource of resources) {
    const namespace = namespaceOf(resource, defaultNamespace);
    if (namespace !== undefined && !namespaces.has(namespace))
      namespaces.set(namespace, bareNamespace(namespace));
  }
  return namespaces;
}

/** What is known of a namespace whose object is not in the set. */
export function bareNamespace(name: string): NamespaceFacts {
  return { name, labels: { [nameLabel]: name }, complete: false };
}

/** The namespace that an object is in; `undefined` for objects of cluster scope and kinds that this model does not read. */
function namespaceOf(resource: Resource, defaultNamespace: string): string | undefined {
  const namespace = asText(asFields(resource.metadata)?.namespace);
  if (namespace !== "") return namespace;
  return namespacedKinds.has(asText(resource.kind)) ? defaultNamespace : undefined;
}

const namespacedKinds = new Set([
  ...["Pod", "Service", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob"],
  ...["ReplicationController", "NetworkPolicy"],
]);

function agreement(a: NamespaceFacts, b: NamespaceFacts): NamespaceFacts {
  const common = Object.entries(a.labels).filter(([key, value]) => b.labels[key] === value);
  const sizes = [Object.keys(a.labels).length, Object.keys(b.labels).length];
  const same = sizes.every((size) => size === common.length);
  return { ...a, labels: Object.fromEntries(common), complete: a.complete && b.complete && same };
}
