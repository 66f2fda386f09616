import { type Fields, fieldsOf, isUnset, mapItems, Refusal, without } from "./refusal.ts";

/**
 * Ingress of extensions/v1beta1 and networking.k8s.io/v1beta1 as networking.k8s.io/v1: backends name a service, paths have
 * the type that they had by default, `spec.backend` is `spec.defaultBackend`. The annotation kubernetes.io/ingress.class
 * stays: controllers still read it, and whether an IngressClass of that name exists is not known here.
 */
export function raiseIngress(object: Fields): Fields {
  const raised = { ...object, apiVersion: "networking.k8s.io/v1" };
  if (isUnset(object.spec)) return raised;
  const given = fieldsOf(object.spec, "spec");
  const { backend } = given;
  const spec = isUnset(backend)
    ? without(given, "backend")
    : { ...without(given, "backend"), defaultBackend: raiseBackend(backend, "spec.backend") };
  return { ...raised, spec: mapItems(spec, "rules", "spec.rules", raiseRule) };
}

function raiseRule(rule: Fields, path: string): Fields {
  if (isUnset(rule.http)) return rule;
  const http = fieldsOf(rule.http, `${path}.http`);
  return { ...rule, http: mapItems(http, "paths", `${path}.http.paths`, raisePath) };
}

function raisePath(item: Fields, path: string): Fields {
  return {
    ...item,
    pathType: isUnset(item.pathType) ? "ImplementationSpecific" : item.pathType,
    backend: raiseBackend(item.backend, `${path}.backend`),
  };
}

function raiseBackend(value: unknown, path: string): Fields {
  const backend = fieldsOf(value, path);
  const { serviceName, servicePort } = backend;
  const others = without(backend, "serviceName", "servicePort");
  const hasService = !isUnset(serviceName) && serviceName !== "";
  if (!hasService && isUnset(servicePort)) {
    if (isUnset(backend.resource))
      throw new Refusal(`${path} names neither a service nor a resource: name the one that it is for`);
    return others;
  }
  if (typeof serviceName !== "string" || !hasService)
    throw new Refusal(`${path}.serviceName must name a Service: correct it first`);
  return { ...others, service: { name: serviceName, port: raisePort(servicePort, `${path}.servicePort`) } };
}

/** A port in quotes was refused by the old versions too, as a name without a letter; only a number can be meant. */
function raisePort(port: unknown, path: string): Fields {
  const number = typeof port === "string" && /^[0-9]{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= 65535)
    return { number };
  if (typeof number === "string" && number !== "") return { name: number };
  throw new Refusal(`${path} must be the number or the name of a port: correct it first`);
}
