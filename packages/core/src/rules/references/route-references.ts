import type { PathSegment } from "../../field-path.ts";
import { isRecord } from "../../json.ts";
import { apiGroup, type Resource } from "../../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./json-values.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { PortReference, Reference } from "./reference.ts";
import { INGRESS_CLASS, SECRET, SERVICE } from "./target.ts";

/** What an Ingress needs: the Services and ports behind it, TLS Secrets, its class. Old API versions too. */
export function ingressReferences(from: Resource): Reference[] {
  const namespace = namespaceOf(from);
  const spec = fieldsOf(from.spec);
  const found: Reference[] = [];
  const backend = (value: unknown, path: readonly PathSegment[], by: string) => {
    const service = serviceBackend(fieldsOf(value), path);
    if (service) found.push({ from, target: SERVICE, namespace, by, optional: false, ...service });
  };
  backend(spec.defaultBackend, ["spec", "defaultBackend"], "the default backend");
  backend(spec.backend, ["spec", "backend"], "the default backend");
  listOf(spec.rules).forEach((rule, i) => {
    const { host, http } = fieldsOf(rule);
    listOf(fieldsOf(http).paths).forEach((path, j) => {
      const at = ["spec", "rules", i, "http", "paths", j, "backend"];
      const entry = fieldsOf(path);
      backend(entry.backend, at, `the backend of ${textOf(host) || "*"}${textOf(entry.path) || "/"}`);
    });
  });
  listOf(spec.tls).forEach((entry, i) => {
    const name = textOf(fieldsOf(entry).secretName);
    const path = ["spec", "tls", i, "secretName"];
    const keys = TLS_KEYS.map((key) => ({ key, path }));
    if (name !== "")
      found.push({ from, path, target: SECRET, namespace, name, by: "tls", optional: false, keys });
  });
  const name = textOf(spec.ingressClassName);
  const path = ["spec", "ingressClassName"];
  if (name !== "")
    found.push({ from, path, target: INGRESS_CLASS, namespace: undefined, name, by: "it", optional: false });
  return found;
}

const TLS_KEYS = ["tls.crt", "tls.key"];
const GATEWAY_ROUTES: readonly string[] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/** Whether an object is a route of the Gateway API. */
export function isGatewayRoute(resource: Resource): boolean {
  return (
    apiGroup(textOf(resource.apiVersion)) === "gateway.networking.k8s.io" &&
    GATEWAY_ROUTES.includes(textOf(resource.kind))
  );
}

/** The Services behind a route of the Gateway API, mirrors included. */
export function routeReferences(from: Resource): Reference[] {
  const own = namespaceOf(from);
  const found: Reference[] = [];
  const add = (value: unknown, path: readonly PathSegment[], by: string) => {
    const { group = "", kind = "Service", name, namespace, port } = fieldsOf(value);
    if (group !== "" || kind !== "Service" || textOf(name) === "") return;
    found.push({
      from,
      path: [...path, "name"],
      target: SERVICE,
      namespace: textOf(namespace) || own,
      name: textOf(name),
      by,
      optional: false,
      ...(typeof port === "number" && { port: { port, path: [...path, "port"] } }),
    });
  };
  listOf(fieldsOf(from.spec).rules).forEach((rule, i) => {
    const { backendRefs, filters } = fieldsOf(rule);
    listOf(backendRefs).forEach((ref, j) => {
      add(ref, ["spec", "rules", i, "backendRefs", j], `a backend of rule ${i + 1}`);
    });
    listOf(filters).forEach((filter, j) => {
      const path = ["spec", "rules", i, "filters", j, "requestMirror", "backendRef"];
      add(fieldsOf(fieldsOf(filter).requestMirror).backendRef, path, `the mirror of rule ${i + 1}`);
    });
  });
  return found;
}

function serviceBackend(
  backend: Fields,
  path: readonly PathSegment[],
): { path: readonly PathSegment[]; name: string; port?: PortReference } | undefined {
  if (isRecord(backend.service)) {
    const { name, port } = backend.service;
    const { number, name: portName } = fieldsOf(port);
    const field = number === undefined ? "name" : "number";
    return named(name, [...path, "service", "name"], number ?? portName, [...path, "service", "port", field]);
  }
  return named(backend.serviceName, [...path, "serviceName"], backend.servicePort, [...path, "servicePort"]);
}

function named(
  name: unknown,
  path: readonly PathSegment[],
  port: unknown,
  portPath: readonly PathSegment[],
): { path: readonly PathSegment[]; name: string; port?: PortReference } | undefined {
  if (textOf(name) === "") return undefined;
  const isPort = typeof port === "number" || (typeof port === "string" && port !== "");
  return { path, name: textOf(name), ...(isPort && { port: { port, path: portPath } }) };
}
