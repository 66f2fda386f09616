import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

/** Images that are run unless another is named. Tags as published; a digest in `image` pins harder. */
export const PROXY_IMAGES = {
  "oauth2-proxy": "quay.io/oauth2-proxy/oauth2-proxy:v7.15.5",
  gatekeeper: "quay.io/gogatekeeper/gatekeeper:4.6.0",
} as const;

/** Random bytes of a generated cookie secret: 32 characters of base64, which is what each of the proxies takes. */
export const COOKIE_SECRET_BYTES = 24;

/** What auth proxies of one platform share. */
export const proxySettings = once(() => ({
  flavour: z
    .union([z.literal("oauth2-proxy"), z.literal("gatekeeper")])
    .default("oauth2-proxy")
    .describe(
      "oauth2-proxy 7.15, or gatekeeper: gogatekeeper 4, the successor of keycloak-proxy. Default: oauth2-proxy.",
    ),
  issuer: z
    .string()
    .describe(
      "Issuer of the OIDC provider: https://iam.k8s.strix.kr/realms/master. gatekeeper needs a realm of Keycloak.",
    ),
  clientId: z.string().describe("The client at the provider."),
  clientSecret: z
    .secretRef()
    .optional()
    .describe(
      "Where the client's secret comes from. Absent: the variable CLIENT_CLIENT_SECRET, as realms have it.",
    ),
  cookieSecret: z
    .secretRef()
    .optional()
    .describe(
      `Where the key of session cookies comes from: 16, 24 or 32 characters (gatekeeper: 16 or 32), or base64 of so many bytes. Absent: ${COOKIE_SECRET_BYTES} random bytes as base64, made once and kept.`,
    ),
  image: z
    .string()
    .optional()
    .describe(`Its image. Absent: ${PROXY_IMAGES["oauth2-proxy"]}, ${PROXY_IMAGES.gatekeeper}.`),
  replicas: z.int().min(1).max(50).default(2).describe("How many pods. Default: 2."),
  trustedProxies: z
    .array(z.string())
    .readonly()
    .describe(
      "Addresses of the ingress controller's pods, as CIDRs: X-Forwarded headers of others are not believed.",
    ),
  apiServer: z
    .array(z.string())
    .readonly()
    .optional()
    .describe(
      "Addresses of the API servers, as CIDRs: they reach the upstream besides the proxy, for kubectl proxy when no login works. []: nobody but the proxy. Needed unless bypass is true.",
    ),
}));

/** What one auth proxy has of its own. */
export const proxyAppFields = once(() => ({
  passToken: z
    .boolean()
    .default(false)
    .describe(
      "Pass the login on to the upstream as Authorization: Bearer. oauth2-proxy passes the ID token. gatekeeper passes the access token: an API server takes that only where the client has an audience mapper for its own client. Default: false.",
    ),
  bypass: z
    .boolean()
    .default(false)
    .describe("Leave the upstream open to other pods: no NetworkPolicy is written. Default: false."),
}));

const settings = once(() => z.strictObject(proxySettings()));
export type ProxySettings = z.output<ReturnType<typeof settings>>;
