import {
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
import { checkIp, parseIp } from "./ip-address.ts";
import { checkOneOf, quoted, type Report } from "./report.ts";

const FAMILIES = ["IPv4", "IPv6"];

/** The range of node ports, unless kube-apiserver is told otherwise (`--service-node-port-range`). */
const NODE_PORTS = { first: 30000, last: 32767 };

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

/** `clusterIP` alone stands for the list of one. */
export function clusterIpsOf(spec: Fields): readonly string[] {
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
  const seen = new Set<string>();
  families.forEach((family, i) => {
    checkOneOf(family, FAMILIES, `spec.ipFamilies[${i}]`, report);
    if (seen.has(family)) report(`spec.ipFamilies[${i}]`, `${quoted(family)} is there twice`, "remove one");
    seen.add(family);
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
export function handOutNodePorts(spec: Fields, type: string, report: Report): readonly (number | string)[] {
  const ports = listOf(spec, "ports");
  const given = ports.map((port) => numberOf(port, "nodePort") ?? 0);
  if (type !== "NodePort" && type !== "LoadBalancer") return given;
  const handsOut = type === "NodePort" || flagOf(spec, "allocateLoadBalancerNodePorts") !== false;
  const numbers = ports.map((port) => numberOf(port, "port") ?? 0);
  const taken = new Set<number | string>();
  const byNumber = new Map<number, number | string>();
  const asked = new Map<number, number>();
  for (const [i, number] of numbers.entries())
    if (given[i] !== 0 && !asked.has(number)) asked.set(number, given[i]!);
  const handedOut: (number | string)[] = [...given];
  for (const [i, number] of numbers.entries()) {
    if (handedOut[i] === 0 && !handsOut) continue;
    const shared = byNumber.get(number);
    const wanted = shared ?? asked.get(number) ?? `free for ${number}`;
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
