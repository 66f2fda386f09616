import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

/** Where routes are written, and who makes the certificates: fields that every block with a host has. */
export const edgeFields = once(() => ({
  routes: z
    .union([z.literal("ingress"), z.literal("gateway")])
    .describe("ingress: an Ingress of networking.k8s.io/v1. gateway: an HTTPRoute of the Gateway API v1."),
  controller: z
    .union([z.literal("ingress-nginx"), z.literal("traefik")])
    .default("ingress-nginx")
    .describe(
      "Who reads the Ingresses: only annotations that it reads are written. traefik: its provider kubernetesIngressNGINX. Default: ingress-nginx.",
    ),
  ingressClass: z.string().default("nginx").describe("Class of the Ingresses. Default: nginx."),
  gateway: z
    .strictObject({
      name: z.string().describe("Its name."),
      namespace: z.string().describe("Its namespace."),
      class: z
        .string()
        .optional()
        .describe(
          "Its GatewayClass: the Gateway is made, a listener for each host. Absent: it is there already.",
        ),
      listeners: z
        .strictObject({
          https: z.string().describe("Name of the listener that takes https."),
          http: z.string().optional().describe("Name of the listener that takes http. Absent: none does."),
        })
        .optional()
        .describe("Listeners of a Gateway that is there already."),
      secrets: z
        .union([z.literal("with-gateway"), z.literal("with-app")])
        .default("with-gateway")
        .describe(
          "Where TLS Secrets are. with-app: beside the app, with a ReferenceGrant for the Gateway. Default: with-gateway.",
        ),
    })
    .optional()
    .describe("The Gateway that routes are for. Needed with routes: gateway."),
  issuer: z
    .string()
    .optional()
    .describe(
      "ClusterIssuer that makes the certificates: letsencrypt. Absent: the TLS Secrets are there already.",
    ),
  certificates: z
    .union([z.literal("annotation"), z.literal("explicit"), z.literal("tls-acme")])
    .default("annotation")
    .describe(
      "How cert-manager is asked. annotation: cert-manager.io/cluster-issuer. explicit: a Certificate for each host. tls-acme: kubernetes.io/tls-acme on the Ingress, for the default issuer of cert-manager. Default: annotation.",
    ),
  unsafeSnippets: z
    .boolean()
    .default(false)
    .describe(
      "Allow configuration-snippet for what ingress-nginx has no other way for; its controller must allow it too. Default: false.",
    ),
  allowLoss: z
    .boolean()
    .default(false)
    .describe("Leave out what the chosen side cannot do instead of refusing it. Default: false."),
}));

const edge = once(() => z.strictObject(edgeFields()));
export type EdgeIntent = z.output<ReturnType<typeof edge>>;
