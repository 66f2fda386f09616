import type { Resource } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import { ruleHost } from "./hosts.ts";
import type { IngressEdge } from "./ingress-classes.ts";
import { annotationOf } from "./route-set.ts";

/** One path of an Ingress rule, or its default backend. */
export interface IngressRoute {
  readonly ingress: Resource;
  readonly edge: IngressEdge;
  /** In lower case; empty: every host. */
  readonly host: string;
  readonly pathType: string;
  /** As it is written; `/` when it is not. */
  readonly urlPath: string;
  readonly backend: IngressBackend;
  /** Field path of the entry: `spec.rules[0].http.paths[1]`, `spec.defaultBackend`. */
  readonly path: string;
}

/** A Service with its port, another object, or nothing that can be read. */
export interface IngressBackend {
  readonly service?: string;
  readonly port?: number | string;
  /** The kind and name of a backend that is no Service: `StorageBucket static`. */
  readonly resource?: string;
}

export const NGINX = "nginx.ingress.kubernetes.io/";

/** Whether an Ingress only splits requests off another one's routes (canary of ingress-nginx). */
export function isCanary(ingress: Resource): boolean {
  return annotationOf(ingress, `${NGINX}canary`) === "true";
}

/** The routes that an Ingress states, rules first. Old API versions are read as the one of today. */
export function ingressRoutes(
  ingress: Resource,
  edge: IngressEdge,
): {
  readonly routes: readonly IngressRoute[];
  readonly fallback?: IngressRoute;
  readonly hosts: readonly string[];
} {
  const spec = fieldsOf(ingress.spec);
  const byDefault = spec.defaultBackend ?? spec.backend;
  const fallback: IngressRoute | undefined =
    byDefault === undefined || byDefault === null
      ? undefined
      : {
          ingress,
          edge,
          host: "",
          pathType: "Prefix",
          urlPath: "/",
          backend: readBackend(fieldsOf(byDefault)),
          path: spec.defaultBackend === undefined ? "spec.backend" : "spec.defaultBackend",
        };
  const aliases = edge.controller?.nginxAnnotations
    ? annotationOf(ingress, `${NGINX}server-alias`)
        .split(",")
        .map((alias) => alias.trim().toLowerCase())
        .filter((alias) => alias !== "" && !alias.startsWith("~"))
    : [];
  const routes: IngressRoute[] = [];
  const hosts = new Set<string>();
  listOf(spec.rules).forEach((value, i) => {
    const rule = fieldsOf(value);
    const host = ruleHost(rule.host);
    const names = host === "" ? [host] : [host, ...aliases];
    for (const name of names) hosts.add(name);
    const paths = listOf(fieldsOf(rule.http).paths);
    // A rule without paths sends every path to the default backend.
    if (paths.length === 0 && fallback !== undefined)
      for (const name of names) routes.push({ ...fallback, host: name, path: `spec.rules[${i}]` });
    paths.forEach((entry, j) => {
      const { path, pathType, ...rest } = fieldsOf(entry);
      for (const name of names)
        routes.push({
          ingress,
          edge,
          host: name,
          pathType: textOf(pathType) || "ImplementationSpecific",
          urlPath: textOf(path) || "/",
          backend: readBackend(fieldsOf(rest.backend)),
          path: `spec.rules[${i}].http.paths[${j}]`,
        });
    });
  });
  return { routes, hosts: [...hosts], ...(fallback && { fallback }) };
}

/** The hosts of `spec.tls` with their Secrets; `undefined` hosts: the entry names none. */
export function tlsEntries(ingress: Resource): readonly {
  readonly hosts: readonly string[];
  readonly secret: string;
  readonly path: string;
}[] {
  return listOf(fieldsOf(ingress.spec).tls).map((value, i) => {
    const entry = fieldsOf(value);
    const hosts = textsOf(entry.hosts).map((host) => host.toLowerCase());
    return { hosts, secret: textOf(entry.secretName), path: `spec.tls[${i}]` };
  });
}

function readBackend(backend: Fields): IngressBackend {
  const service = fieldsOf(backend.service);
  const resource = fieldsOf(backend.resource);
  if (textOf(resource.name) !== "") return { resource: `${textOf(resource.kind)} ${textOf(resource.name)}` };
  const name = textOf(service.name) || textOf(backend.serviceName);
  const port = fieldsOf(service.port);
  const asked = port.number ?? port.name ?? backend.servicePort;
  return {
    ...(name !== "" && { service: name }),
    ...((typeof asked === "number" || (typeof asked === "string" && asked !== "")) && { port: asked }),
  };
}
