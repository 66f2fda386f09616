import {
  entryOf,
  type Fields,
  fieldsOf,
  flagOf,
  has,
  listOf,
  numberOf,
  optionalText,
  textMapOf,
  textOf,
  textsOf,
} from "./fields.ts";
import { checkCidr, checkEndpointIp, checkIp, parseIp } from "./ip-address.ts";
import { checkLabels } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { checkPortNumber, checkPortNumberOrName, PROTOCOLS } from "./port.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const POLICIES = ["Cluster", "Local"];
const FAMILIES = ["IPv4", "IPv6"];
const DISTRIBUTIONS = ["PreferClose", "PreferSameNode", "PreferSameZone"];
const LONGEST_AFFINITY = 86400;
const SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** The range of node ports, unless kube-apiserver is told otherwise (`--service-node-port-range`). */
export const NODE_PORTS = { first: 30000, last: 32767 };

/**
 * Reports what the API server refuses in the addresses and node ports of a Service, which it hands out before it looks at
 * anything else: what is wrong besides shows when these are right. Whether an address is of this cluster's range, and whether
 * somebody has it already, only the cluster knows.
 */
export function checkServiceAddresses(service: Fields, report: Report): void {
  const spec = fieldsOf(service, "spec") ?? {};
  const type = textOf(spec, "type") || "ClusterIP";
  if (type === "ExternalName") return;
  const clusterIps = clusterIpsOf(spec);
  let isRight = true;
  const note: Report = (...problem) => {
    isRight = false;
    report(...problem);
  };
  checkClusterIps(spec, clusterIps, note);
  if (isRight) checkFamilies(spec, clusterIps, note);
  if (isRight) handOutNodePorts(spec, type, report);
}

/** Reports what else the API server refuses in a Service beyond its metadata (core ValidateServiceCreate). */
export function checkService(service: Fields, report: Report): void {
  const spec = fieldsOf(service, "spec") ?? {};
  checkSpec(service, spec, textOf(spec, "type") || "ClusterIP", clusterIpsOf(spec), report);
}

/** `clusterIP` alone stands for the list of one. */
function clusterIpsOf(spec: Fields): readonly string[] {
  const ips = textsOf(spec, "clusterIPs");
  const ip = textOf(spec, "clusterIP");
  return ips.length === 0 && ip !== "" ? [ip] : ips;
}

function checkClusterIps(spec: Fields, ips: readonly string[], report: Report): void {
  const path = "spec.clusterIPs";
  const ip = textOf(spec, "clusterIP");
  const where = has(spec, "clusterIPs") ? path : "spec.clusterIP";
  if (ip !== (ips[0] ?? ""))
    report(path, "the first of clusterIPs must be clusterIP", "write both alike, or clusterIP alone");
  const families = textsOf(spec, "ipFamilies");
  families.forEach((family, i) => {
    checkOneOf(family, FAMILIES, `spec.ipFamilies[${i}]`, report);
    if (families.indexOf(family) < i)
      report(`spec.ipFamilies[${i}]`, `${quoted(family)} is there twice`, "remove one");
  });
  const policy = optionalText(spec, "ipFamilyPolicy");
  if (policy !== undefined)
    checkOneOf(policy, ["PreferDualStack", "RequireDualStack", "SingleStack"], "spec.ipFamilyPolicy", report);
  let areIps = true;
  ips.forEach((text, i) => {
    if (i === 0 && text === "None") {
      if (ips.length > 1) {
        report(path, "None must stand alone", "remove the others");
        areIps = false;
      }
    } else if (
      !checkIp(text, `${path}[${i}]`, (p, message, hint) =>
        report(p, message, hint, { where: ips.length === 1 ? where : p }),
      )
    )
      areIps = false;
  });
  if (ips.length > 2) report(path, `at most 2 addresses, not ${ips.length}`, "write one of each family");
  if (!areIps) return;
  const [first, second] = ips.map((text) => parseIp(text)?.family);
  if (ips.length > 1 && (ips.length > 2 || first === second))
    report(path, "at most one address of each family", "write one of IPv4 and one of IPv6");
  if (ips.length === 1 && ips[0] === "None") return;
  ips.forEach((text, i) => {
    const family = `IPv${parseIp(text)?.family}`;
    if (families[i] !== undefined && FAMILIES.includes(families[i]) && families[i] !== family)
      report(
        `${path}[${i}]`,
        `${quoted(text)} is ${family}, and ipFamilies[${i}] says ${families[i]}`,
        "write both alike",
        { where },
      );
  });
}

function checkFamilies(spec: Fields, ips: readonly string[], report: Report): void {
  const isBare = ips[0] === "None" && Object.keys(textMapOf(spec, "selector") ?? {}).length === 0;
  const policy = optionalText(spec, "ipFamilyPolicy") ?? (isBare ? "RequireDualStack" : "SingleStack");
  if (policy === "SingleStack" && (ips.length === 2 || textsOf(spec, "ipFamilies").length === 2))
    report(
      "spec.ipFamilyPolicy",
      "two families need PreferDualStack or RequireDualStack",
      "write ipFamilyPolicy: PreferDualStack",
    );
}

/**
 * The node ports that the server hands out, as it does: ports of one number share one. A port that asks for none gets a free
 * one, written here as text.
 */
function handOutNodePorts(spec: Fields, type: string, report: Report): readonly (number | string)[] {
  const ports = listOf(spec, "ports");
  const given = ports.map((port) => numberOf(port, "nodePort") ?? 0);
  if (type !== "NodePort" && type !== "LoadBalancer") return given;
  const handsOut = type === "NodePort" || flagOf(spec, "allocateLoadBalancerNodePorts") !== false;
  const numbers = ports.map((port) => numberOf(port, "port") ?? 0);
  const taken = new Set<number | string>();
  const byNumber = new Map<number, number | string>();
  const handedOut: (number | string)[] = [...given];
  for (const [i, number] of numbers.entries()) {
    if (handedOut[i] === 0 && !handsOut) continue;
    const shared = byNumber.get(number);
    const asked = numbers.findIndex((n, at) => n === number && handedOut[at] !== 0);
    const wanted = shared ?? (asked < 0 ? `free for ${number}` : handedOut[asked]!);
    const nodePort = shared !== undefined && handedOut[i] !== 0 ? handedOut[i]! : wanted;
    if (nodePort !== shared) {
      const problem = nodePortProblem(nodePort, taken);
      if (problem !== undefined) {
        report(`spec.ports[${i}].nodePort`, problem, "write another, or none: one is chosen");
        return handedOut;
      }
      taken.add(nodePort);
    }
    if (shared === undefined) byNumber.set(number, nodePort);
    handedOut[i] = nodePort;
  }
  return handedOut;
}

function nodePortProblem(nodePort: number | string, taken: ReadonlySet<number | string>): string | undefined {
  if (typeof nodePort === "number" && (nodePort < NODE_PORTS.first || nodePort > NODE_PORTS.last))
    return `node ports are ${NODE_PORTS.first} to ${NODE_PORTS.last} unless the cluster says otherwise, and not ${nodePort}`;
  return taken.has(nodePort) ? `node port ${nodePort} is taken by another port of this Service` : undefined;
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
