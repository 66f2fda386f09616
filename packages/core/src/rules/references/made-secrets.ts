import { apiGroup, type Resource } from "../../resource.ts";
import { type Fields, fieldsOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";

/** Custom resources whose controllers make a Secret, and how it is called: by a field, else as the resource itself. */
const MAKERS: Readonly<Record<string, (spec: Fields) => unknown>> = {
  "cert-manager.io/Certificate": (spec) => spec.secretName ?? null,
  "certmanager.k8s.io/Certificate": (spec) => spec.secretName ?? null,
  "bitnami.com/SealedSecret": (spec) => fieldsOf(fieldsOf(spec.template).metadata).name,
  "external-secrets.io/ExternalSecret": (spec) => fieldsOf(spec.target).name,
  "secrets.hashicorp.com/VaultStaticSecret": (spec) => fieldsOf(spec.destination).name,
  "secrets.hashicorp.com/VaultDynamicSecret": (spec) => fieldsOf(spec.destination).name,
};

/**
 * Whether an object of the set makes the Secret: a Certificate, a SealedSecret, an ExternalSecret. One that is there as a
 * patch, and does not say the name, may make any of its namespace.
 */
export function secretsMadeElsewhere(
  resources: readonly Resource[],
  isPartial: (resource: Resource) => boolean,
): (namespace: string | undefined, name: string) => boolean {
  const made = new Set<string>();
  const anywhere = new Set<string>();
  const open = new Set<string | undefined>();
  for (const resource of resources) {
    const key = `${apiGroup(textOf(resource.apiVersion))}/${textOf(resource.kind)}`;
    const nameIn = Object.hasOwn(MAKERS, key) ? MAKERS[key] : undefined;
    if (nameIn === undefined) continue;
    const said = nameIn(fieldsOf(resource.spec)) ?? undefined;
    if (said === undefined && isPartial(resource)) {
      open.add(namespaceOf(resource)).add(undefined);
      continue;
    }
    const name = textOf(said ?? fieldsOf(resource.metadata).name);
    made.add(`${namespaceOf(resource) ?? ""}/${name}`);
    anywhere.add(name);
  }
  return (namespace, name) =>
    open.has(namespace) ||
    (namespace === undefined ? anywhere.has(name) : made.has(`${namespace}/${name}`) || made.has(`/${name}`));
}

const ISSUER_ANNOTATION =
  /^(cert-manager\.io\/(cluster-)?issuer|certmanager\.k8s\.io\/(cluster-)?issuer|kubernetes\.io\/tls-acme)$/;

/** Whether cert-manager makes the TLS Secrets of an Ingress: its annotations say so (ingress-shim). */
export function isMadeByIngress(ingress: Resource): boolean {
  const annotations = fieldsOf(fieldsOf(ingress.metadata).annotations);
  return Object.entries(annotations).some(([key, value]) => ISSUER_ANNOTATION.test(key) && value !== "false");
}
