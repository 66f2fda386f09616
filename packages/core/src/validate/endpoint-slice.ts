import { isDnsLabel } from "../names.ts";
import { type Fields, fieldsOf, listOf, optionalText, textMapOf, textOf, textsOf } from "./fields.ts";
import { checkEndpointIp, checkIp, isCanonicalIpv6 } from "./ip-address.ts";
import { checkLabels, checkLabelValue } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { PROTOCOLS } from "./port.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_HINTS = 8;

/** Reports what the API server refuses in an EndpointSlice beyond its metadata (discovery ValidateEndpointSlice). */
export function checkEndpointSlice(slice: Fields, report: Report): void {
  const type = textOf(slice, "addressType");
  if (type === "") missing(report, "addressType", "write IPv4, IPv6 or FQDN");
  else checkOneOf(type, ["FQDN", "IPv4", "IPv6"], "addressType", report);
  const names = new Set<string>();
  listOf(slice, "ports").forEach((port, i) => {
    const name = textOf(port, "name");
    if (name !== "") checkDnsLabel(name, `ports[${i}].name`, report);
    if (names.has(name))
      report(`ports[${i}].name`, `a port ${quoted(name)} is there already`, "give each port its own name");
    names.add(name);
    checkOneOf(optionalText(port, "protocol") ?? "TCP", PROTOCOLS, `ports[${i}].protocol`, report);
    const app = optionalText(port, "appProtocol");
    if (app !== undefined) checkQualifiedName(app, `ports[${i}].appProtocol`, report);
  });
  const endpoints = listOf(slice, "endpoints");
  if (endpoints.length > MAX_ENDPOINTS) {
    report(
      "endpoints",
      `at most ${MAX_ENDPOINTS} endpoints, not ${endpoints.length}`,
      "write several slices",
    );
    return;
  }
  endpoints.forEach((endpoint, i) => {
    checkEndpoint(endpoint, type, `endpoints[${i}]`, report);
  });
}

function checkEndpoint(endpoint: Fields, type: string, path: string, report: Report): void {
  const addresses = textsOf(endpoint, "addresses");
  if (addresses.length === 0) missing(report, `${path}.addresses`, "write at least one address");
  if (addresses.length > MAX_ADDRESSES)
    report(
      `${path}.addresses`,
      `at most ${MAX_ADDRESSES} addresses, not ${addresses.length}`,
      "write several endpoints",
    );
  addresses.forEach((address, i) => {
    checkAddress(address, type, `${path}.addresses`, i, report);
  });
  const node = optionalText(endpoint, "nodeName");
  if (node !== undefined) checkDnsSubdomain(node, `${path}.nodeName`, report);
  const host = optionalText(endpoint, "hostname");
  if (host !== undefined) checkDnsLabel(host, `${path}.hostname`, report);
  checkLabels(textMapOf(endpoint, "deprecatedTopology"), `${path}.deprecatedTopology`, report);
  checkHints(fieldsOf(endpoint, "hints") ?? {}, `${path}.hints`, report);
}

function checkAddress(address: string, type: string, path: string, i: number, report: Report): void {
  const at = `${path}[${i}]`;
  if (type === "FQDN") {
    const labels = address.replace(/\.$/, "").split(".");
    if (labels.length < 2 || address.length > 254 || !labels.every(isDnsLabel))
      report(at, `${quoted(address)} is no full domain name`, "write a name like db.example.com");
    return;
  }
  if (type !== "IPv4" && type !== "IPv6") return;
  const ip = checkIp(address, at, report);
  if (!ip) return;
  if (type === "IPv6" && ip.family === 6 && !isCanonicalIpv6(address)) {
    report(
      at,
      `${quoted(address)} is not in its canonical form`,
      "write it in small letters and as short as can be",
    );
    return;
  }
  if (`IPv${ip.family}` !== type)
    report(path, `${quoted(address)} is not ${type}`, `write an ${type} address, or another addressType`, {
      where: at,
    });
  checkEndpointIp(ip, at, report);
}

function checkHints(hints: Fields, path: string, report: Report): void {
  for (const [field, check] of [
    ["forZones", checkLabelValue],
    ["forNodes", checkDnsSubdomain],
  ] as const) {
    const entries = listOf(hints, field);
    if (entries.length > MAX_HINTS) {
      report(`${path}.${field}`, `at most ${MAX_HINTS}, not ${entries.length}`, "remove some");
      return;
    }
    const seen = new Set<string>();
    entries.forEach((entry, i) => {
      const name = textOf(entry, "name");
      if (seen.has(name))
        report(`${path}.${field}[${i}].name`, `${quoted(name)} is there twice`, "remove one");
      seen.add(name);
      check(name, `${path}.${field}[${i}].name`, report);
    });
  }
}
