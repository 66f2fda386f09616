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
import { checkCidr, checkEndpointIp, checkIp } from "./ip-address.ts";
import { checkLabels } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { checkPortNumber, checkPortNumberOrName, PROTOCOLS } from "./port.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";
import { clusterIpsOf, handOutNodePorts } from "./service-addresses.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const POLICIES = ["Cluster", "Local"];
const DISTRIBUTIONS = ["PreferClose", "PreferSameNode", "PreferSameZone"];
const LONGEST_AFFINITY = 86400;
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** Reports what else the API server refuses in a Service beyond its metadata (core ValidateServiceCreate). */
export function checkService(service: Fields, report: Report): void {
  const spec = fieldsOf(service, "spec") ?? {};
  checkSpec(service, spec, textOf(spec, "type") || "ClusterIP", clusterIpsOf(spec), report);
}

function checkSpec(
  service: Fields,
  spec: Fields,
  type: string,
  ips: readonly string[],
  report: Report,
): void {
  const isHeadless = ips.length === 1 && ips[0] === "None";
  const ports = listOf(spec, "ports");
  if (ports.length === 0 && !isHeadless && type !== "ExternalName")
    missing(report, "spec.ports", "write ports: [{ port: 80 }]");
  checkOneOf(type, TYPES, "spec.type", report);
  if (isHeadless && (type === "LoadBalancer" || type === "NodePort"))
    report("spec.clusterIPs[0]", `a Service of type ${type} has an address`, "remove clusterIP: None", {
      where: "spec.clusterIP",
    });
  if (type === "ExternalName") checkExternalName(spec, ips, report);
  checkPorts(
    ports,
    type,
    handOutNodePorts(spec, type, () => {}),
    report,
  );
  checkLabels(textMapOf(spec, "selector"), "spec.selector", report);
  checkAffinity(spec, report);
  textsOf(spec, "externalIPs").forEach((text, i) => {
    const ip = checkIp(text, `spec.externalIPs[${i}]`, report);
    if (ip) checkEndpointIp(ip, `spec.externalIPs[${i}]`, report);
  });
  checkLoadBalancer(service, spec, type, report);
  checkTraffic(spec, type, report);
}

function checkExternalName(spec: Fields, ips: readonly string[], report: Report): void {
  if (ips.length > 0)
    report("spec.clusterIPs", "an ExternalName has no address", "remove clusterIP", {
      where: has(spec, "clusterIPs") ? "spec.clusterIPs" : "spec.clusterIP",
    });
  if (textsOf(spec, "ipFamilies").length > 0)
    report("spec.ipFamilies", "an ExternalName has no address", "remove ipFamilies");
  if (has(spec, "ipFamilyPolicy"))
    report("spec.ipFamilyPolicy", "an ExternalName has no address", "remove ipFamilyPolicy");
  const name = textOf(spec, "externalName").replace(/\.$/, "");
  if (name === "") missing(report, "spec.externalName", "write the DNS name that the Service stands for");
  else checkDnsSubdomain(name, "spec.externalName", report);
}

function checkPorts(
  ports: readonly Fields[],
  type: string,
  handedOut: readonly (number | string)[],
  report: Report,
): void {
  const names = new Set<string>();
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  ports.forEach((port, i) => {
    const at = `spec.ports[${i}]`;
    const name = textOf(port, "name");
    const protocol = textOf(port, "protocol") || "TCP";
    const number = numberOf(port, "port") ?? 0;
    if (name !== "") {
      checkDnsLabel(name, `${at}.name`, report);
      if (names.has(name))
        report(`${at}.name`, `a port ${quoted(name)} is there already`, "give each port its own name");
      names.add(name);
    } else if (ports.length > 1) missing(report, `${at}.name`, "with several ports each has a name");
    checkPortNumber(number, `${at}.port`, report);
    checkOneOf(protocol, PROTOCOLS, `${at}.protocol`, report);
    const target = port.targetPort;
    const isDefault = target === undefined || target === null || target === 0 || target === "";
    checkPortNumberOrName({ targetPort: isDefault ? number : target }, "targetPort", at, report);
    const app = optionalText(port, "appProtocol");
    if (app !== undefined) checkQualifiedName(app, `${at}.appProtocol`, report);
    if (numbers.has(`${protocol}/${number}`))
      report(at, `port ${number}/${protocol} is there already`, "remove one of them");
    numbers.add(`${protocol}/${number}`);
    const nodePort = handedOut[i] ?? 0;
    if (nodePort === 0) return;
    if (type === "ClusterIP")
      report(
        `${at}.nodePort`,
        "a node port needs type NodePort or LoadBalancer",
        "remove nodePort, or write type: NodePort",
      );
    if (nodePorts.has(`${protocol}/${nodePort}`))
      report(`${at}.nodePort`, `node port ${nodePort} is there already`, "use another");
    nodePorts.add(`${protocol}/${nodePort}`);
  });
}

function checkAffinity(spec: Fields, report: Report): void {
  const affinity = textOf(spec, "sessionAffinity") || "None";
  checkOneOf(affinity, ["ClientIP", "None"], "spec.sessionAffinity", report);
  if (affinity !== "ClientIP") return;
  const client = fieldsOf(fieldsOf(spec, "sessionAffinityConfig") ?? {}, "clientIP");
  const seconds = client && numberOf(client, "timeoutSeconds");
  if (seconds !== undefined)
    checkRange(seconds, 1, LONGEST_AFFINITY, "spec.sessionAffinityConfig.clientIP.timeoutSeconds", report);
}

function checkLoadBalancer(service: Fields, spec: Fields, type: string, report: Report): void {
  const isBalancer = type === "LoadBalancer";
  const refuse = (path: string, field: string) =>
    report(path, `${field} needs type LoadBalancer`, `remove ${field}`, { where: `spec.${field}` });
  const ranges = textsOf(spec, "loadBalancerSourceRanges");
  const annotation = entryOf(textMapOf(fieldsOf(service, "metadata") ?? {}, "annotations"), SOURCE_RANGES);
  if (ranges.length > 0) {
    if (!isBalancer) refuse("spec.LoadBalancerSourceRanges", "loadBalancerSourceRanges");
    ranges.forEach((range, i) => {
      checkCidr(range.trim(), `spec.LoadBalancerSourceRanges[${i}]`, (p, message, hint) =>
        report(p, message, hint, { where: `spec.loadBalancerSourceRanges[${i}]` }),
      );
    });
  } else if (annotation !== undefined) {
    const path = `metadata.annotations[${SOURCE_RANGES}]`;
    if (!isBalancer) report(path, "it needs type LoadBalancer", "remove the annotation");
    if (annotation.trim() !== "")
      for (const range of annotation.split(",")) checkCidr(range.trim(), path, report);
  }
  if (!isBalancer && has(spec, "allocateLoadBalancerNodePorts"))
    refuse("spec.allocateLoadBalancerNodePorts", "allocateLoadBalancerNodePorts");
  const className = optionalText(spec, "loadBalancerClass");
  if (className === undefined) return;
  if (isBalancer) checkQualifiedName(className, "spec.loadBalancerClass", report);
  else refuse("spec.loadBalancerClass", "loadBalancerClass");
}

function checkTraffic(spec: Fields, type: string, report: Report): void {
  const external = textOf(spec, "externalTrafficPolicy");
  const isExternal =
    type === "LoadBalancer" ||
    type === "NodePort" ||
    (type === "ClusterIP" && textsOf(spec, "externalIPs").length > 0);
  if (external !== "" && !isExternal)
    report(
      "spec.externalTrafficPolicy",
      "nobody reaches the Service from outside",
      "remove it, or write type: NodePort or LoadBalancer",
    );
  else if (external !== "") checkOneOf(external, POLICIES, "spec.externalTrafficPolicy", report);
  const health = numberOf(spec, "healthCheckNodePort") ?? 0;
  if (health !== 0) {
    if (type !== "LoadBalancer" || external !== "Local")
      report(
        "spec.healthCheckNodePort",
        "it needs type LoadBalancer and externalTrafficPolicy Local",
        "remove it",
      );
    else checkPortNumber(health, "spec.healthCheckNodePort", report);
  }
  const internal = optionalText(spec, "internalTrafficPolicy");
  if (internal !== undefined) checkOneOf(internal, POLICIES, "spec.internalTrafficPolicy", report);
  const distribution = optionalText(spec, "trafficDistribution");
  if (distribution !== undefined) checkOneOf(distribution, DISTRIBUTIONS, "spec.trafficDistribution", report);
}
