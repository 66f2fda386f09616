import type { Resource } from "@ashlar/core";
import type { EdgeIntent } from "./edge-fields.ts";

/** A Certificate whose Secret has its name. */
export function certificateFor(
  secret: string,
  namespace: string,
  hosts: readonly string[],
  issuer: string,
): Resource {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: secret, namespace },
    spec: {
      secretName: secret,
      dnsNames: [...hosts],
      issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
    },
  };
}

/** What asks cert-manager's shim for a certificate, on an Ingress or a Gateway. */
export function certificateAnnotation({ issuer, certificates }: EdgeIntent): Record<string, string> {
  if (certificates === "tls-acme") return { "kubernetes.io/tls-acme": "true" };
  if (certificates === "explicit" || issuer === undefined) return {};
  return { "cert-manager.io/cluster-issuer": issuer };
}
