import type { Resource } from "@ashlar/core";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { type ProxyApp, proxyLabels } from "./proxy-app.ts";

/**
 * Closes the way around the login: the upstream's pods admit the proxy, and the API servers for `kubectl proxy`. Policies only add
 * up, so another policy that admits more to these pods opens it again.
 */
export function guardPolicy(app: ProxyApp): Resource[] {
  if (app.bypass || app.pods === undefined) return [];
  const podSelector = { matchLabels: proxyLabels(app) };
  const namespace = { "kubernetes.io/metadata.name": app.namespace };
  const isNear = app.namespace === app.upstream.namespace;
  const proxy = isNear ? { podSelector } : { namespaceSelector: { matchLabels: namespace }, podSelector };
  const spec: INetworkPolicy["spec"] = {
    podSelector: { matchLabels: { ...app.pods } },
    policyTypes: ["Ingress"],
    ingress: [{ from: [proxy, ...(app.apiServer ?? []).map((cidr) => ({ ipBlock: { cidr } }))] }],
  };
  return [
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `${app.name}-behind-login`, namespace: app.upstream.namespace },
      spec,
    },
  ];
}
