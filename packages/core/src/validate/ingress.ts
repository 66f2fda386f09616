import { isDnsSubdomain } from "../names.ts";
import {
  entryOf,
  type Fields,
  fieldsOf,
  has,
  listOf,
  numberOf,
  optionalText,
  textMapOf,
  textOf,
  textsOf,
} from "./fields.ts";
import { parseIp } from "./ip-address.ts";
import {
  checkDnsLabel,
  checkDnsSubdomain,
  checkDomainPath,
  checkPathSegment,
  checkWildcardHost,
} from "./name-forms.ts";
import { checkPortName, checkPortNumber } from "./port.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];
const CLASS = "kubernetes.io/ingress.class";
const REFUSED_IN_PATHS = ["//", "/./", "/../", "%2f", "%2F"];

/** Reports what the API server refuses in an Ingress beyond its metadata (networking ValidateIngressCreate). */
export function checkIngress(ingress: Fields, report: Report): void {
  const spec = fieldsOf(ingress, "spec") ?? {};
  const rules = listOf(spec, "rules");
  const fallback = fieldsOf(spec, "defaultBackend");
  if (rules.length === 0 && !fallback)
    report("spec", "an Ingress needs rules or a defaultBackend", "write rules, or defaultBackend");
  if (fallback) checkBackend(fallback, "spec.defaultBackend", report);
  rules.forEach((rule, i) => {
    checkRule(rule, `spec.rules[${i}]`, report);
  });
  listOf(spec, "tls").forEach((tls, i) => {
    const at = `spec.tls[${i}]`;
    textsOf(tls, "hosts").forEach((host, j) => {
      checkHost(host, `${at}.hosts[${j}]`, report);
    });
    const secret = textOf(tls, "secretName");
    if (secret !== "") checkDnsSubdomain(secret, `${at}.secretName`, report);
  });
  const className = optionalText(spec, "ingressClassName");
  if (className !== undefined) checkDnsSubdomain(className, "spec.ingressClassName", report);
  const old = entryOf(textMapOf(fieldsOf(ingress, "metadata") ?? {}, "annotations"), CLASS);
  if (old !== undefined && className !== undefined && old !== className)
    // So the server prints it.
    report(
      `annotations.${CLASS}`,
      `the annotation says ${quoted(old)}, ingressClassName ${quoted(className)}`,
      "remove the annotation",
      {
        where: `metadata.annotations[${CLASS}]`,
        fix: [{ op: "remove", path: "/metadata/annotations/kubernetes.io~1ingress.class" }],
      },
    );
}

function checkHost(host: string, path: string, report: Report): void {
  if (host.includes("*")) checkWildcardHost(host, path, report);
  else if (!isDnsSubdomain(host)) checkDnsSubdomain(host, path, report);
}

function checkRule(rule: Fields, path: string, report: Report): void {
  const host = textOf(rule, "host");
  if (host !== "") {
    if (parseIp(host))
      report(`${path}.host`, `${quoted(host)} is an address, not a host`, "write a DNS name, or remove host");
    checkHost(host, `${path}.host`, report);
  }
  const http = fieldsOf(rule, "http");
  if (!http) return;
  const paths = listOf(http, "paths");
  if (paths.length === 0) missing(report, `${path}.http.paths`, "write at least one path");
  paths.forEach((entry, i) => {
    checkPath(entry, `${path}.http.paths[${i}]`, report);
  });
}

function checkPath(entry: Fields, path: string, report: Report): void {
  const type = optionalText(entry, "pathType");
  const text = textOf(entry, "path");
  if (type === undefined) {
    missing(report, `${path}.pathType`, "write pathType: Prefix");
    return;
  }
  checkOneOf(type, PATH_TYPES, `${path}.pathType`, report);
  const isExact = type === "Exact" || type === "Prefix";
  const isAbsolute = text.startsWith("/") || (text === "" && !isExact);
  if (PATH_TYPES.includes(type) && !isAbsolute)
    report(`${path}.path`, `${quoted(text)} must begin with "/"`, `write /${text}`, {
      fix: [{ op: has(entry, "path") ? "replace" : "add", path: pathPointer(path), value: `/${text}` }],
    });
  if (isExact && (REFUSED_IN_PATHS.some((part) => text.includes(part)) || /\/\.\.?$/.test(text)))
    report(
      `${path}.path`,
      `${quoted(text)} must not contain "//", "/./", "/../" or "%2f"`,
      "write the path plainly",
    );
  checkBackend(fieldsOf(entry, "backend") ?? {}, `${path}.backend`, report);
}

function pathPointer(path: string): string {
  return `/${path.replaceAll(/[.[]/g, "/").replaceAll("]", "")}/path`;
}

function checkBackend(backend: Fields, path: string, report: Report): void {
  const resource = fieldsOf(backend, "resource");
  const service = fieldsOf(backend, "service");
  if (resource && service) report(path, "service and resource exclude each other", "leave one of them");
  else if (resource) checkReference(resource, `${path}.resource`, report);
  else if (service) checkServiceBackend(service, path, report);
  else
    report(
      path,
      "the backend names neither service nor resource",
      "write service: { name: web, port: { number: 80 } }",
    );
}

function checkServiceBackend(service: Fields, path: string, report: Report): void {
  const name = textOf(service, "name");
  if (name === "") missing(report, `${path}.service.name`, "write the Service's name");
  else checkDnsLabel(name, `${path}.service.name`, report);
  const port = fieldsOf(service, "port") ?? {};
  const portName = textOf(port, "name");
  const number = numberOf(port, "number") ?? 0;
  if (portName !== "" && number !== 0)
    report(path, "a port has a name or a number, not both", "leave one of them", {
      where: `${path}.service.port`,
    });
  else if (portName !== "") checkPortName(portName, `${path}.service.port.name`, report);
  else if (number !== 0) checkPortNumber(number, `${path}.service.port.number`, report);
  else missing(report, path, "write port: { number: 80 } or port: { name: http }", `${path}.service`);
}

function checkReference(reference: Fields, path: string, report: Report): void {
  const group = optionalText(reference, "apiGroup");
  if (group !== undefined) checkDnsSubdomain(group, `${path}.apiGroup`, report);
  for (const field of ["kind", "name"]) {
    const text = textOf(reference, field);
    if (text === "") missing(report, `${path}.${field}`, `write the object's ${field}`);
    else checkPathSegment(text, `${path}.${field}`, report);
  }
}

/** Reports what the API server refuses in an IngressClass beyond its metadata. */
export function checkIngressClass(ingressClass: Fields, report: Report): void {
  const spec = fieldsOf(ingressClass, "spec") ?? {};
  const controller = textOf(spec, "controller");
  if (controller === "")
    missing(report, "spec.controller", "write the controller, like k8s.io/ingress-nginx");
  else {
    if (controller.length > 250)
      report("spec.controller", "a controller's name has at most 250 characters", "write its name");
    checkDomainPath(controller, "spec.controller", report);
  }
  const parameters = fieldsOf(spec, "parameters");
  if (!parameters) return;
  const path = "spec.parameters";
  checkReference(parameters, path, report);
  const scope = optionalText(parameters, "scope") ?? "Cluster";
  checkOneOf(scope, ["Cluster", "Namespace"], `${path}.scope`, report);
  const namespace = optionalText(parameters, "namespace");
  if (scope === "Namespace") {
    if (namespace === undefined)
      missing(report, `${path}.namespace`, "write the namespace of the parameters");
    else checkDnsLabel(namespace, `${path}.namespace`, report);
  } else if (scope === "Cluster" && namespace !== undefined)
    report(
      `${path}.namespace`,
      "parameters of scope Cluster have no namespace",
      "remove it, or write scope: Namespace",
    );
}
