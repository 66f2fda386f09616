import type { Resource } from "@ashlar/core";
import { certificateAnnotation, certificateFor } from "./certificate.ts";
import type { EdgeIntent } from "./edge-fields.ts";
import { type Exposure, firstOfSecrets, secretOf } from "./exposure.ts";
import { clusterHostOf } from "./target.ts";

const GATEWAY = "gateway.networking.k8s.io/v1";
const HTTP_LISTENER = "http";

type GatewayIntent = NonNullable<EdgeIntent["gateway"]>;

/** The Gateway when it is ours, an HTTPRoute for each exposure, and what lets them refer to each other. */
export function gatewayObjects(exposures: readonly Exposure[], edge: EdgeIntent): Resource[] {
  const { gateway } = edge;
  if (gateway === undefined || exposures.length === 0) return [];
  const isOurs = gateway.class !== undefined;
  return [
    ...(isOurs ? [gatewayOf(exposures, edge, gateway)] : []),
    ...(isOurs ? certificatesOf(exposures, edge, gateway) : []),
    ...exposures.flatMap((exposure) => routesOf(exposure, gateway)),
    ...tlsBackends(exposures).map(backendTls),
  ];
}

/** The first exposure of each Service that speaks TLS: of two policies for one Service, Gateways take the older. */
function tlsBackends(exposures: readonly Exposure[]): Exposure[] {
  const first = new Map<string, Exposure>();
  for (const exposure of exposures) {
    const host = clusterHostOf(exposure.target);
    if (exposure.target.scheme === "https" && !first.has(host)) first.set(host, exposure);
  }
  return [...first.values()];
}

/** The name of the listener that takes a host's https: one for each host, a wildcard's unlike any other's. */
export function httpsListener(host: string): string {
  return host.startsWith("*.") ? `https-wildcard${host.slice(1)}` : `https.${host}`;
}

function gatewayOf(exposures: readonly Exposure[], edge: EdgeIntent, gateway: GatewayIntent): Resource {
  const hosts = [...new Set(exposures.filter((e) => secretOf(e) !== undefined).map(({ host }) => host))];
  const annotations = certificateAnnotation(edge);
  return {
    apiVersion: GATEWAY,
    kind: "Gateway",
    metadata: {
      name: gateway.name,
      namespace: gateway.namespace,
      ...(hosts.length > 0 && Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      gatewayClassName: gateway.class,
      listeners: [
        { name: HTTP_LISTENER, port: 80, protocol: "HTTP", allowedRoutes: routesFrom(exposures, gateway) },
        ...hosts.map((host) => {
          const ofHost = exposures.filter((e) => e.host === host && secretOf(e) !== undefined);
          return {
            name: httpsListener(host),
            hostname: host,
            port: 443,
            protocol: "HTTPS",
            tls: { mode: "Terminate", certificateRefs: [secretRef(ofHost[0]!, gateway)] },
            allowedRoutes: routesFrom(ofHost, gateway),
          };
        }),
      ],
    },
  };
}

/** Routes of the exposures' namespaces may attach, and no others. */
function routesFrom(exposures: readonly Exposure[], gateway: GatewayIntent): object {
  const namespaces = [...new Set(exposures.map(({ target }) => target.namespace))].sort();
  if (namespaces.every((namespace) => namespace === gateway.namespace))
    return { namespaces: { from: "Same" } };
  const key = "kubernetes.io/metadata.name";
  return {
    namespaces: {
      from: "Selector",
      selector: { matchExpressions: [{ key, operator: "In", values: namespaces }] },
    },
  };
}

function secretNamespace({ target }: Exposure, gateway: GatewayIntent): string {
  return gateway.secrets === "with-app" ? target.namespace : gateway.namespace;
}

function secretRef(exposure: Exposure, gateway: GatewayIntent): object {
  const namespace = secretNamespace(exposure, gateway);
  return {
    group: "",
    kind: "Secret",
    name: secretOf(exposure),
    ...(namespace !== gateway.namespace && { namespace }),
  };
}

function certificatesOf(
  exposures: readonly Exposure[],
  edge: EdgeIntent,
  gateway: GatewayIntent,
): Resource[] {
  // A listener shows the Secret of the first exposure of its host.
  const shown = exposures.filter((e, i) => exposures.findIndex((other) => other.host === e.host) === i);
  const first = firstOfSecrets(shown, (e) => secretNamespace(e, gateway));
  return [...first].flatMap((exposure) => {
    const secret = secretOf(exposure)!;
    const namespace = secretNamespace(exposure, gateway);
    const hosts = shown
      .filter((e) => secretOf(e) === secret && secretNamespace(e, gateway) === namespace)
      .map(({ host }) => host);
    return [
      ...(edge.certificates === "explicit" && edge.issuer !== undefined
        ? [certificateFor(secret, namespace, hosts, edge.issuer)]
        : []),
      ...(namespace === gateway.namespace ? [] : [secretGrant(secret, namespace, gateway)]),
    ];
  });
}

function secretGrant(secret: string, namespace: string, gateway: GatewayIntent): Resource {
  return {
    apiVersion: GATEWAY,
    kind: "ReferenceGrant",
    metadata: { name: `${secret}-for-gateway`, namespace },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: gateway.namespace }],
      to: [{ group: "", kind: "Secret", name: secret }],
    },
  };
}

function routesOf(exposure: Exposure, gateway: GatewayIntent): Resource[] {
  const { name, host, path, target, clearHeaders, timeouts, redirect } = exposure;
  const hasTls = secretOf(exposure) !== undefined;
  const http = gateway.class === undefined ? gateway.listeners?.http : HTTP_LISTENER;
  const https = gateway.class === undefined ? gateway.listeners?.https : httpsListener(host);
  const matches = [{ path: { type: "PathPrefix", value: path } }];
  const route = (routeName: string, sections: readonly (string | undefined)[], rule: object): Resource => ({
    apiVersion: GATEWAY,
    kind: "HTTPRoute",
    metadata: { name: routeName, namespace: target.namespace },
    spec: { parentRefs: parentRefs(sections, target.namespace, gateway), hostnames: [host], rules: [rule] },
  });
  const served = route(name, hasTls ? (redirect ? [https] : [https, http]) : [http], {
    matches,
    ...(clearHeaders.length > 0 && {
      filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: [...clearHeaders] } }],
    }),
    backendRefs: [{ group: "", kind: "Service", name: target.service, port: target.port }],
    ...(timeouts.request !== undefined && { timeouts: { request: `${timeouts.request}s` } }),
  });
  if (!hasTls || !redirect || http === undefined) return [served];
  const requestRedirect = { scheme: "https", statusCode: 301 };
  const filters = [{ type: "RequestRedirect", requestRedirect }];
  return [served, route(`${name}-redirect`, [http], { matches, filters })];
}

function parentRefs(
  sections: readonly (string | undefined)[],
  namespace: string,
  gateway: GatewayIntent,
): object[] {
  return sections
    .filter((section) => section !== undefined)
    .map((sectionName) => ({
      group: "gateway.networking.k8s.io",
      kind: "Gateway",
      name: gateway.name,
      ...(namespace !== gateway.namespace && { namespace: gateway.namespace }),
      sectionName,
    }));
}

/** Tells Gateways to speak TLS to the Service, and by whom its certificate is signed. */
function backendTls(exposure: Exposure): Resource {
  const { ca, target } = exposure;
  const authority =
    typeof ca === "object"
      ? {
          caCertificateRefs: [
            "secret" in ca
              ? { group: "", kind: "Secret", name: ca.secret }
              : { group: "", kind: "ConfigMap", name: ca.configMap },
          ],
        }
      : { wellKnownCACertificates: "System" };
  return {
    apiVersion: GATEWAY,
    kind: "BackendTLSPolicy",
    metadata: { name: exposure.name, namespace: target.namespace },
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: target.service }],
      validation: { hostname: clusterHostOf(target), ...authority },
    },
  };
}
