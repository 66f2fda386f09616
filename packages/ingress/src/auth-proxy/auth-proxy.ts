import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildAuthProxy } from "./build.ts";
import { type AuthProxyInput, authProxyIntent } from "./intent.ts";

/**
 * A login before a Service: oauth2-proxy or gatekeeper as Deployment, Service and Secret (without its data), a NetworkPolicy that
 * leaves no way around it, and its route. The client at the provider has to know the URI that `redirectUriOf` gives. Promises that
 * the host demands the login.
 *
 * The client's secret and the key of the cookies are in the Secret alone: oauth2-proxy reads files, gatekeeper variables.
 *
 * @throws {IntentError} with every finding
 * @example
 * authProxy({
 *   name: "dashboard",
 *   host: "k8s.strix.kr",
 *   upstream: "https://kube-dashboard.kube-system:443",
 *   ca: { configMap: "kube-dashboard-ca" },
 *   pods: { "k8s-app": "kubernetes-dashboard" },
 *   groups: ["operator", "developer"],
 *   passToken: true,
 *   issuer: "https://iam.k8s.strix.kr/realms/master",
 *   clientId: "kubernetes",
 *   trustedProxies: ["100.96.0.0/11"],
 *   apiServer: ["172.20.32.0/19"],
 *   edge: { routes: "ingress", issuer: "letsencrypt" },
 * })
 */
export const authProxy: BlockBuilder<AuthProxyInput> = defineBlock({
  name: "ingress/auth-proxy",
  intent: authProxyIntent,
  build: buildAuthProxy,
});
