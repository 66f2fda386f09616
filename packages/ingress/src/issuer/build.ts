import { type Block, type Document, type Resource, type Sealed, writeYamlValue } from "@ashlar/core";
import { certificateFor } from "../app/certificate.ts";
import type { IssuerIntent, SolverIntent } from "./intent.ts";
import { accountKeyOf } from "./problems.ts";

/** Directories of Let's Encrypt, as letsencrypt.org/docs/acme-protocol-updates and /docs/staging-environment give them. */
const SERVERS: Readonly<Record<string, string>> = {
  production: "https://acme-v02.api.letsencrypt.org/directory",
  staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/** The ClusterIssuer, its AWS Secrets, its Certificates. Total on a valid intent. */
export function buildIssuer(intent: IssuerIntent): Block {
  const { name, certificates } = intent;
  const sealed = awsSecrets(intent);
  return {
    resources: [
      clusterIssuer(intent),
      ...certificates.map(({ secret, namespace, hosts }) => certificateFor(secret, namespace, hosts, name)),
    ],
    patches: [],
    ...(sealed.length > 0 && { sealed }),
    documents: intent.tlsAcme ? [chartValues(name)] : [],
    steps: [
      {
        title: `Wait for ClusterIssuer ${name}`,
        argv: [
          "kubectl",
          "wait",
          `clusterissuer.cert-manager.io/${name}`,
          "--for=condition=Ready",
          "--timeout=60s",
        ],
        why: "cert-manager registers an account at the ACME server first; without it no certificate is asked for.",
        when: "After the objects are applied. It changes nothing.",
        verify: "It ends without an error. Else the conditions of the ClusterIssuer say what is missing.",
      },
    ],
    claims: [],
  };
}

function clusterIssuer(intent: IssuerIntent): Resource {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: intent.name },
    spec: {
      acme: {
        email: intent.email,
        server: Object.hasOwn(SERVERS, intent.server) ? SERVERS[intent.server] : intent.server,
        privateKeySecretRef: { name: accountKeyOf(intent) },
        solvers: intent.solvers.map(solverOf),
      },
    },
  };
}

function solverOf({ http01, route53, zones, hosts }: SolverIntent): object {
  const selector = {
    ...(zones.length > 0 && { dnsZones: [...zones] }),
    ...(hosts.length > 0 && { dnsNames: [...hosts] }),
  };
  return {
    ...(Object.keys(selector).length > 0 && { selector }),
    ...(http01 && { http01: http01Of(http01) }),
    ...(route53 && { dns01: { route53: route53Of(route53) } }),
  };
}

function http01Of(http01: NonNullable<SolverIntent["http01"]>): object {
  if ("ingressClass" in http01) return { ingress: { ingressClassName: http01.ingressClass } };
  const { name, namespace, listener } = http01.gateway;
  const parent = { group: "gateway.networking.k8s.io", kind: "Gateway", name, namespace };
  return {
    gatewayHTTPRoute: {
      parentRefs: [{ ...parent, ...(listener !== undefined && { sectionName: listener }) }],
    },
  };
}

function route53Of({ region, hostedZoneId, role, auth }: NonNullable<SolverIntent["route53"]>): object {
  return {
    ...(region !== undefined && { region }),
    ...(hostedZoneId !== undefined && { hostedZoneID: hostedZoneId }),
    ...(role !== undefined && { role }),
    ...(auth !== "ambient" &&
      ("serviceAccount" in auth
        ? { auth: { kubernetes: { serviceAccountRef: { name: auth.serviceAccount } } } }
        : {
            accessKeyID: auth.accessKeyId,
            secretAccessKeySecretRef: { name: auth.secret.name, key: auth.secret.key },
          })),
  };
}

/** Secrets with access keys that are to be made: one Secret for each name, with all of its keys. */
function awsSecrets({ solvers, certManagerNamespace: namespace }: IssuerIntent): Sealed[] {
  const byName = new Map<string, Record<string, Sealed["values"][string]>>();
  for (const { route53 } of solvers) {
    if (route53 === undefined || route53.auth === "ambient" || !("secret" in route53.auth)) continue;
    const { name, key, from } = route53.auth.secret;
    if (from !== undefined) byName.set(name, { ...byName.get(name), [key]: from });
  }
  return [...byName].map(([name, values]) => ({
    metadata: { name, namespace },
    type: "Opaque",
    values,
    keys: Object.keys(values),
    // AWS refuses a key with the line end that files end in.
    data: (given) =>
      Object.fromEntries(Object.keys(values).map((key) => [key, (given[key] ?? "").replace(/\r?\n$/, "")])),
  }));
}

/** Values of cert-manager's chart that make it the issuer of Ingresses with kubernetes.io/tls-acme. */
function chartValues(name: string): Document {
  const ingressShim = {
    defaultIssuerName: name,
    defaultIssuerKind: "ClusterIssuer",
    defaultIssuerGroup: "cert-manager.io",
  };
  return { path: "helm/cert-manager.yaml", text: writeYamlValue({ ingressShim }) };
}
