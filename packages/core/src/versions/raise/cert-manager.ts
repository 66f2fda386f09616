import { type Fields, fieldsOf, isUnset, mapItems, Refusal, withDefaults, without } from "./refusal.ts";

/** Keys of metadata that cert-manager before 0.11 wrote and read. */
const OLD_PREFIX = "certmanager.k8s.io/";

/**
 * Issuer and ClusterIssuer of certmanager.k8s.io/v1alpha1 as cert-manager.io/v1. Solvers that stood apart in the issuer
 * (`acme.http01`, `acme.dns01`) were chosen by each Certificate: refused, since that cannot be told from one object.
 */
export function raiseIssuer(object: Fields): Fields {
  const spec = fieldsOf(object.spec, "spec");
  const raised = rewritten(object);
  if (isUnset(spec.acme)) return raised;
  const acme = fieldsOf(spec.acme, "spec.acme");
  for (const old of ["http01", "dns01"])
    if (!isUnset(acme[old]))
      throw new Refusal(
        `spec.acme.${old} became spec.acme.solvers, and which names it is for stood in the Certificates: write the solvers`,
      );
  return { ...raised, spec: { ...spec, acme: mapItems(acme, "solvers", "spec.acme.solvers", raiseSolver) } };
}

const DNS_PROVIDERS: Readonly<Record<string, string>> = {
  clouddns: "cloudDNS",
  azuredns: "azureDNS",
  acmedns: "acmeDNS",
};

function raiseSolver(solver: Fields, path: string): Fields {
  if (isUnset(solver.dns01)) return solver;
  const providers = Object.entries(fieldsOf(solver.dns01, `${path}.dns01`));
  const renamed = providers.map(([name, value]) => [
    Object.hasOwn(DNS_PROVIDERS, name) ? DNS_PROVIDERS[name] : name,
    value,
  ]);
  return { ...solver, dns01: Object.fromEntries(renamed) };
}

/** Names of the values that v1 spells otherwise. */
const ALGORITHMS: Readonly<Record<string, string>> = { rsa: "RSA", ecdsa: "ECDSA" };
const ENCODINGS: Readonly<Record<string, string>> = { pkcs1: "PKCS1", pkcs8: "PKCS8" };

/**
 * Certificate of certmanager.k8s.io/v1alpha1 as cert-manager.io/v1. The key was kept on renewal; since cert-manager 1.18 it
 * is not unless said, so that is written out.
 */
export function raiseCertificate(object: Fields): Fields {
  const spec = fieldsOf(object.spec, "spec");
  if (!isUnset(spec.acme))
    throw new Refusal(
      "spec.acme became spec.acme.solvers of the issuer: write the solvers there, and remove it here",
    );
  const { organization, keyAlgorithm, keySize, keyEncoding, uriSANs, emailSANs } = spec;
  const privateKey = {
    ...fieldsOf(spec.privateKey, "spec.privateKey"),
    ...part("algorithm", keyAlgorithm, ALGORITHMS),
    ...part("size", keySize),
    ...part("encoding", keyEncoding, ENCODINGS),
  };
  const subject = { ...fieldsOf(spec.subject, "spec.subject"), ...part("organizations", organization) };
  const old = ["organization", "keyAlgorithm", "keySize", "keyEncoding", "uriSANs", "emailSANs"];
  return {
    ...rewritten(object),
    spec: {
      ...without(spec, ...old),
      ...part("uris", uriSANs),
      ...part("emailAddresses", emailSANs),
      ...(Object.keys(subject).length > 0 && { subject }),
      privateKey: withDefaults(privateKey, { rotationPolicy: "Never" }),
    },
  };
}

function part(name: string, value: unknown, spelling: Readonly<Record<string, string>> = {}): Fields {
  if (isUnset(value)) return {};
  return { [name]: typeof value === "string" && Object.hasOwn(spelling, value) ? spelling[value] : value };
}

/** The object in its new group, its annotations and labels by their new names. `status` is dropped: the controller writes it. */
function rewritten(object: Fields): Fields {
  const metadata = fieldsOf(object.metadata, "metadata");
  return {
    ...without(object, "status"),
    apiVersion: "cert-manager.io/v1",
    metadata: { ...metadata, ...renamedKeys(metadata, "annotations"), ...renamedKeys(metadata, "labels") },
  };
}

function renamedKeys(metadata: Fields, field: string): Fields {
  if (isUnset(metadata[field])) return {};
  const entries = Object.entries(fieldsOf(metadata[field], `metadata.${field}`)).map(([key, value]) => [
    key.startsWith(OLD_PREFIX) ? `cert-manager.io/${key.slice(OLD_PREFIX.length)}` : key,
    value,
  ]);
  return { [field]: Object.fromEntries(entries) };
}
