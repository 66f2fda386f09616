import { type Locate, type Resource, readYaml } from "@ashlar/core";
import { type RoutesModel, type RoutesOptions, routesModel } from "./model.ts";

/** The objects of a YAML text, with where they stand in it. */
export function yamlSet(text: string): { readonly resources: readonly Resource[]; readonly locate: Locate } {
  const { resources, findings, locate } = readYaml(text, { file: "set.yaml" });
  if (findings.length > 0) throw new Error(findings.map((f) => f.message).join("\n"));
  return { resources, locate };
}

/** A model of a YAML text; places come from it. */
export function yamlModel(text: string, options: RoutesOptions = {}): RoutesModel {
  const { resources, locate } = yamlSet(text);
  return routesModel(resources, { locate, ...options });
}

/** An IngressClass `nginx`, a TLS Secret and a ClusterIssuer: what most sets stand on. */
export const GROUND = `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: letsencrypt }
spec: { acme: {} }
`;

/** A Service with a Deployment behind it: `default/wiki:80` to port 8080. */
export function app(
  name: string,
  port = 80,
  more = "",
  args: readonly string[] = [],
  image = "example/app:1",
): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: default }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: ${port}, targetPort: 8080 }] ${more} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: app, image: "${image}", args: ${JSON.stringify(args)}, ports: [{ name: web, containerPort: 8080 }] }]
`;
}

/** An Ingress of class nginx in namespace default: rules are `host path type service port` lines. */
export function ingress(
  name: string,
  rules: readonly string[],
  more: { annotations?: Record<string, string>; spec?: string } = {},
): string {
  const entries = rules.map((rule) => {
    const [host, path, type, service, port] = rule.split(" ");
    const by = Number.isNaN(Number(port)) ? `name: ${port}` : `number: ${port}`;
    const named = host === "*" ? "" : `host: "${host}", `;
    return `    - { ${named}http: { paths: [{ path: "${path}", pathType: ${type}, backend: { service: { name: ${service}, port: { ${by} } } } }] } }`;
  });
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: default, annotations: ${JSON.stringify(more.annotations ?? {})} }
spec:
  ingressClassName: nginx
  ${more.spec ?? ""}
  rules:${entries.length === 0 ? " []" : `\n${entries.join("\n")}`}
`;
}

/** Texts as one file. */
export function together(...texts: readonly string[]): string {
  return texts.join("\n---\n");
}
