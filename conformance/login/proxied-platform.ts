import { definePlatform, existing, type Platform, service } from "ashlar";

/** The realm of {@link proxiedPlatform}. */
export const PROXIED_REALM = "proxied";

/** Promises of the platform about its developers, in words: each is proved offline and asked of the real API server. */
export const PROMISES = [
  "developer can create configmaps in dev",
  "developer can delete deployments in dev",
  "developer can list pods in prod",
  "developer can get nodes",
  "developer cannot create configmaps in prod",
  "developer cannot get secrets in prod",
  "developer cannot get secrets in default",
  "developer cannot create namespaces",
] as const;

/**
 * A platform with one app behind a login that passes the token on: realm, API server, groups and proxy out of one file.
 *
 * @param issuer URL of the realm; the realm's own file does not depend on it
 * @param files where the API server finds its configuration, and who signed the issuer's certificate
 */
export function proxiedPlatform(
  issuer: string,
  files?: { readonly configurationFile: string; readonly certificateAuthority: string },
): Platform {
  return definePlatform({
    name: "proxied",
    versions: { kubernetes: "1.36", keycloak: "26.7" },
    environments: { common: existing("default"), prod: ["prod"], dev: ["dev"] },
    oidc: { issuer, clientId: "kubernetes", usernameClaim: "preferred_username", ...files },
    realms: {
      [PROXIED_REALM]: {
        roles: { developer: {}, operator: {} },
        groups: { developer: { roles: ["developer"] }, operator: { roles: ["operator"] } },
        clients: {
          kubernetes: {
            kubelogin: true,
            groupsClaim: "groups",
            roles: { developer: ["developer"], operator: ["operator"] },
          },
        },
        defaultClients: "disabled",
      },
    },
    groups: {
      operator: { cluster: ["cluster-admin"] },
      developer: { cluster: ["cluster-view"], namespaces: { prod: ["view"], dev: ["admin"] } },
    },
    given: [
      service("default/dashboard", { port: 443, pods: { app: "dashboard" } }),
      "IngressClass/nginx",
      "ClusterIssuer/letsencrypt",
    ],
    apps: {
      dashboard: {
        host: "k8s.example.test",
        to: "https://dashboard.default:443",
        ca: false,
        login: ["operator", "developer"],
        passToken: true,
      },
    },
    edge: {
      routes: "ingress",
      issuer: "letsencrypt",
      auth: { trustedProxies: ["10.0.0.0/8"], apiServer: [] },
    },
    expect: PROMISES,
  });
}
