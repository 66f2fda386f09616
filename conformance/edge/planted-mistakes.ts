import type { Resource } from "@ashlar/core";

/** An object with one mistake that the schemas of cert-manager's CRDs let through, and the field that its validation names. */
export interface PlantedMistake {
  readonly name: string;
  readonly object: Resource;
  readonly field: string;
}

function issuerWith(solver: object, acme: object = {}): Resource {
  const settings = { server: "https://acme.test/dir", privateKeySecretRef: { name: "key" }, ...acme };
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: "planted" },
    spec: { acme: { ...settings, solvers: [solver] } },
  };
}

function certificateWith(spec: object): Resource {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: "planted", namespace: "default" },
    spec: {
      secretName: "tls",
      dnsNames: ["a.test"],
      issuerRef: { kind: "ClusterIssuer", name: "a" },
      ...spec,
    },
  };
}

const SOLVER = "spec.acme.solvers[0]";

export const PLANTED_MISTAKES: readonly PlantedMistake[] = [
  {
    name: "class and ingressClassName",
    object: issuerWith({ http01: { ingress: { class: "a", ingressClassName: "b" } } }),
    field: `${SOLVER}.http01.ingress`,
  },
  {
    name: "a class that is no name",
    object: issuerWith({ http01: { ingress: { ingressClassName: "azure/application-gateway" } } }),
    field: `${SOLVER}.http01.ingress.ingressClassName`,
  },
  {
    name: "a Service of another type",
    object: issuerWith({ http01: { ingress: { serviceType: "LoadBalancer" } } }),
    field: `${SOLVER}.http01.ingress.serviceType`,
  },
  {
    name: "a Gateway's reference without a kind",
    object: issuerWith({ http01: { gatewayHTTPRoute: { parentRefs: [{ name: "edge" }] } } }),
    field: `${SOLVER}.http01.gateway.parentRefs[0].kind`,
  },
  {
    name: "http and DNS in one solver",
    object: issuerWith({ http01: { ingress: {} }, dns01: { route53: {} } }),
    field: SOLVER,
  },
  { name: "a solver of nothing", object: issuerWith({}), field: SOLVER },
  {
    name: "two kinds of challenge in one solver",
    object: issuerWith({
      http01: {
        ingress: { ingressClassName: "nginx" },
        gatewayHTTPRoute: { parentRefs: [{ kind: "Gateway", name: "edge" }] },
      },
    }),
    field: `${SOLVER}.http01`,
  },
  {
    name: "no Secret for the account's key",
    object: issuerWith(
      { http01: { ingress: { ingressClassName: "nginx" } } },
      { privateKeySecretRef: { name: "" } },
    ),
    field: "spec.acme.privateKeySecretRef.name",
  },
  { name: "a certificate for nobody", object: certificateWith({ dnsNames: [] }), field: "spec" },
  {
    name: "an issuer of another kind",
    object: certificateWith({ issuerRef: { kind: "ClusterIsuer", name: "a" } }),
    field: "spec.issuerRef.kind",
  },
  {
    name: "renewed before it is made",
    object: certificateWith({ duration: "24h", renewBefore: "48h" }),
    field: "spec.renewBefore",
  },
];
