import type { Resource } from "@ashlar/core";
import { proxyArguments } from "./arguments.ts";
import {
  CA_FOLDER,
  CLIENT_SECRET,
  COOKIE_SECRET,
  hasCaFile,
  PROXY_PORTS,
  type ProxyApp,
  proxyLabels,
  proxyName,
  SECRET_FOLDER,
  SERVICE_PORT,
} from "./proxy-app.ts";
import { PROXY_IMAGES } from "./settings.ts";

/** A user of no rights; both images run as any. */
const NOBODY = 65532;
/** 0440: for the group alone. */
const GROUP_READS = 288;

/** The proxy's Deployment and Service. */
export function proxyWorkload(app: ProxyApp): Resource[] {
  const name = proxyName(app);
  const labels = proxyLabels(app);
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: app.namespace, labels },
      spec: { selector: labels, ports: [{ name: "http", port: SERVICE_PORT, targetPort: "http" }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: app.namespace, labels },
      spec: {
        replicas: app.replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(app) },
      },
    },
  ];
}

function podSpec(app: ProxyApp): object {
  const volumes = volumesOf(app);
  return {
    automountServiceAccountToken: false,
    // A Service called like the proxy would put OAUTH2_PROXY_… variables into the pod, which it reads as options.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: NOBODY,
      runAsGroup: NOBODY,
      fsGroup: NOBODY,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [containerOf(app)],
    ...(volumes.length > 0 && { volumes }),
  };
}

function containerOf(app: ProxyApp): object {
  const { flavour } = app;
  const isGatekeeper = flavour === "gatekeeper";
  const probe = (path: string) => ({ httpGet: { path, port: "http" } });
  const env = environment(app);
  const mounts = [
    ...(isGatekeeper ? [] : [{ name: "secrets", mountPath: SECRET_FOLDER, readOnly: true }]),
    ...(hasCaFile(app) ? [{ name: "upstream-ca", mountPath: CA_FOLDER, readOnly: true }] : []),
  ];
  return {
    name: flavour,
    image: app.image ?? PROXY_IMAGES[flavour],
    args: proxyArguments(app),
    ...(env.length > 0 && { env }),
    ports: [{ name: "http", containerPort: PROXY_PORTS[flavour] }],
    livenessProbe: probe(isGatekeeper ? "/oauth/health" : "/ping"),
    readinessProbe: probe(isGatekeeper ? "/oauth/health" : "/ready"),
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

function environment(app: ProxyApp): object[] {
  const fromSecret = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { name: proxyName(app), key } },
  });
  if (app.flavour === "gatekeeper")
    return [
      fromSecret("PROXY_CLIENT_SECRET", CLIENT_SECRET),
      fromSecret("PROXY_ENCRYPTION_KEY", COOKIE_SECRET),
    ];
  // Go reads the image's own bundle as well: the provider's certificate stays trusted.
  return hasCaFile(app) ? [{ name: "SSL_CERT_DIR", value: CA_FOLDER }] : [];
}

function volumesOf(app: ProxyApp): object[] {
  const { ca } = app;
  const items = [{ key: "ca.crt", path: "ca.crt" }];
  const secretVolume = {
    name: "secrets",
    secret: { secretName: proxyName(app), defaultMode: GROUP_READS },
  };
  const caVolume =
    typeof ca !== "object"
      ? []
      : "secret" in ca
        ? [{ name: "upstream-ca", secret: { secretName: ca.secret, items, defaultMode: GROUP_READS } }]
        : [{ name: "upstream-ca", configMap: { name: ca.configMap, items } }];
  return [...(app.flavour === "gatekeeper" ? [] : [secretVolume]), ...(hasCaFile(app) ? caVolume : [])];
}
