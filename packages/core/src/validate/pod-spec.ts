import { checkContainers, checkInitContainers, type PodFacts, sharesUsers } from "./container.ts";
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
import { checkIp } from "./ip-address.ts";
import { checkLabels } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { checkPodResources } from "./pod-resources.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";
import { checkContainerResource, checkResourceRequirements } from "./resource-requirements.ts";
import { checkAffinity, checkGates, checkTolerations, checkTopologySpread } from "./scheduling.ts";
import { checkPodSecurityContext } from "./security-context.ts";
import { checkVolumes } from "./volume.ts";

const RESTART_POLICIES: readonly string[] = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const MAX_INT32 = 2 ** 31 - 1;
const NO_LABELS: Readonly<Record<string, string>> = {};

/** Reports what the API server refuses in the spec of a pod (core ValidatePodSpec). */
export function checkPodSpec(spec: Fields, pod: Fields | undefined, path: string, report: Report): void {
  const metadata = pod && fieldsOf(pod, "metadata");
  const podLabels = pod && ((metadata && textMapOf(metadata, "labels")) ?? NO_LABELS);
  const hostNetwork = flagOf(spec, "hostNetwork") === true;
  const facts: PodFacts = {
    volumes: checkVolumes(
      listOf(spec, "volumes"),
      metadata ? textOf(metadata, "name") : "",
      pod !== undefined,
      `${path}.volumes`,
      report,
    ),
    claims: new Set(listOf(spec, "resourceClaims").map((claim) => textOf(claim, "name"))),
    gracePeriod: numberOf(spec, "terminationGracePeriodSeconds") ?? 30,
    restartPolicy: textOf(spec, "restartPolicy") || "Always",
    hostUsers: sharesUsers(spec),
    takesHostPorts: pod !== undefined && hostNetwork,
    limitsAreRequests: pod !== undefined,
  };
  const containers = listOf(spec, "containers");
  const initContainers = listOf(spec, "initContainers");
  checkResourceClaims(listOf(spec, "resourceClaims"), `${path}.resourceClaims`, report);
  checkContainers(containers, facts, `${path}.containers`, report);
  checkInitContainers(initContainers, containers, facts, `${path}.initContainers`, report);
  if (hostNetwork) checkHostNetworkPorts(containers, `${path}.containers`, report);
  if (!facts.hostUsers) checkOwnUsers(spec, path, report);
  checkPodResources(spec, facts.claims, pod !== undefined, path, report);
  checkOneOf(facts.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`, report);
  checkLabels(textMapOf(spec, "nodeSelector"), `${path}.nodeSelector`, report);
  checkPodSecurityContext(spec, path, report);
  const affinity = fieldsOf(spec, "affinity");
  if (affinity) checkAffinity(affinity, podLabels, `${path}.affinity`, report);
  checkTolerations(listOf(spec, "tolerations"), `${path}.tolerations`, report);
  checkTopologySpread(
    listOf(spec, "topologySpreadConstraints"),
    podLabels,
    `${path}.topologySpreadConstraints`,
    report,
  );
  checkGates(spec, path, report);
  checkDns(spec, path, report);
  checkNames(spec, path, report);
  const deadline = numberOf(spec, "activeDeadlineSeconds");
  if (deadline !== undefined) checkRange(deadline, 1, MAX_INT32, `${path}.activeDeadlineSeconds`, report);
  const preemption = optionalText(spec, "preemptionPolicy");
  if (preemption !== undefined)
    checkOneOf(preemption, ["PreemptLowerPriority", "Never"], `${path}.preemptionPolicy`, report);
  const os = fieldsOf(spec, "os");
  if (os) {
    const name = textOf(os, "name");
    if (name === "") missing(report, `${path}.os.name`, "write linux or windows");
    else checkOneOf(name, ["linux", "windows"], `${path}.os`, report, `${path}.os.name`);
  }
  if (has(spec, "overhead"))
    checkResourceRequirements(
      { limits: spec.overhead },
      `${path}.overhead`,
      new Set(),
      checkContainerResource,
      report,
    );
  checkFileVolumes(
    spec,
    [...initContainers.map(place("initContainers", path)), ...containers.map(place("containers", path))],
    report,
  );
}

interface Placed {
  readonly container: Fields;
  readonly path: string;
}

function place(field: string, path: string): (container: Fields, i: number) => Placed {
  return (container, i) => ({ container, path: `${path}.${field}[${i}]` });
}

/** Variables out of files: the file is in an emptyDir volume. */
function checkFileVolumes(spec: Fields, containers: readonly Placed[], report: Report): void {
  const volumes = new Map(listOf(spec, "volumes").map((volume) => [textOf(volume, "name"), volume]));
  for (const { container, path } of containers)
    listOf(container, "env").forEach((variable, i) => {
      const ref = fieldsOf(fieldsOf(variable, "valueFrom") ?? {}, "fileKeyRef");
      if (!ref) return;
      const name = textOf(ref, "volumeName");
      const volume = volumes.get(name);
      const isEmptyDir =
        volume &&
        (has(volume, "emptyDir") || Object.keys(volume).every((f) => f === "name" || !has(volume, f)));
      if (!isEmptyDir)
        report(
          `${path}.env[${i}].valueFrom.fileKeyRef.volumeName`,
          `the pod has no emptyDir volume ${quoted(name)}`,
          "write the name of an emptyDir volume of this pod",
        );
    });
}

function checkResourceClaims(claims: readonly Fields[], path: string, report: Report): void {
  const names = new Set<string>();
  claims.forEach((claim, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(claim, "name");
    if (name === "") missing(report, `${at}.name`, "write the claim's name");
    else if (names.has(name))
      report(`${at}.name`, `${quoted(name)} is there twice`, "give each its own name");
    else checkDnsLabel(name, `${at}.name`, report);
    names.add(name);
    const given = ["resourceClaimName", "resourceClaimTemplateName"].filter((field) => has(claim, field));
    if (given.length !== 1)
      report(at, "it takes one of resourceClaimName and resourceClaimTemplateName", "write one of them");
    for (const field of given) checkDnsSubdomain(textOf(claim, field), `${at}.${field}`, report);
  });
}

/** With the node's network a port of the container is the port of the host. */
function checkHostNetworkPorts(containers: readonly Fields[], path: string, report: Report): void {
  containers.forEach((container, i) => {
    listOf(container, "ports").forEach((port, j) => {
      const hostPort = numberOf(port, "hostPort") ?? 0;
      if (hostPort !== 0 && hostPort !== (numberOf(port, "containerPort") ?? 0))
        report(
          `${path}[${i}].ports[${j}].hostPort`,
          "with hostNetwork the port of the host is that of the container",
          "remove hostPort, or write containerPort there",
        );
    });
  });
}

/** A pod with users of its own (`hostUsers: false`) shares little else with its node. */
function checkOwnUsers(spec: Fields, path: string, report: Report): void {
  for (const [field, named] of [
    ["hostNetwork", "hostNetwork"],
    ["hostPID", "HostPID"],
    ["hostIPC", "HostIPC"],
  ] as const)
    if (flagOf(spec, field))
      report(`${path}.${named}`, `${field} and hostUsers: false exclude each other`, "leave one of them", {
        where: `${path}.${field}`,
      });
  for (const list of ["initContainers", "containers"])
    listOf(spec, list).forEach((container, i) => {
      if (listOf(container, "volumeDevices").length > 0)
        report(
          `${path}.${list}[${i}].volumeDevices`,
          "devices and hostUsers: false exclude each other",
          "leave one of them",
        );
    });
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

function checkDns(spec: Fields, path: string, report: Report): void {
  const policy = textOf(spec, "dnsPolicy") || "ClusterFirst";
  checkOneOf(policy, DNS_POLICIES, `${path}.dnsPolicy`, report);
  const config = fieldsOf(spec, "dnsConfig");
  const at = `${path}.dnsConfig`;
  const servers = config ? textsOf(config, "nameservers") : [];
  if (policy === "None" && servers.length === 0) {
    missing(report, config ? `${at}.nameservers` : at, "dnsPolicy: None needs at least one nameserver");
    return;
  }
  if (!config) return;
  if (servers.length > MAX_NAMESERVERS)
    report(
      `${at}.nameservers`,
      `at most ${MAX_NAMESERVERS} nameservers, not ${servers.length}`,
      "remove some",
    );
  servers.forEach((server, i) => {
    checkIp(server, `${at}.nameservers[${i}]`, report);
  });
  const searches = textsOf(config, "searches");
  if (searches.length > MAX_SEARCHES || searches.join(" ").length > MAX_SEARCH_CHARACTERS)
    report(
      `${at}.searches`,
      `at most ${MAX_SEARCHES} search domains and ${MAX_SEARCH_CHARACTERS} characters`,
      "remove some",
    );
  searches.forEach((search, i) => {
    const labels = search.replace(/\.$/, "").split(".");
    if (
      search !== "." &&
      (search.length > 254 || labels.some((l) => !/^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(l)))
    )
      report(
        `${at}.searches[${i}]`,
        `${quoted(search)} is not a domain`,
        "write a domain like svc.cluster.local",
      );
  });
  listOf(config, "options").forEach((option, i) => {
    if (textOf(option, "name") === "") missing(report, `${at}.options[${i}]`, "write the option's name");
  });
}

function checkNames(spec: Fields, path: string, report: Report): void {
  for (const field of ["serviceAccountName", "nodeName", "priorityClassName"]) {
    const name = textOf(spec, field);
    if (name !== "") checkDnsSubdomain(name, `${path}.${field}`, report);
  }
  const runtime = optionalText(spec, "runtimeClassName");
  if (runtime !== undefined) checkDnsSubdomain(runtime, `${path}.runtimeClassName`, report);
  for (const field of ["hostname", "subdomain"]) {
    const name = textOf(spec, field);
    if (name !== "") checkDnsLabel(name, `${path}.${field}`, report);
  }
  const override = optionalText(spec, "hostnameOverride");
  if (override !== undefined) {
    const at = `${path}.hostnameOverride`;
    if (flagOf(spec, "setHostnameAsFQDN") || flagOf(spec, "hostNetwork"))
      report(at, "it excludes setHostnameAsFQDN and hostNetwork", "remove it, or them");
    if (override.length > 64) report(at, "a host name has at most 64 characters", "write a shorter one");
    checkDnsSubdomain(override, at, report);
  }
  listOf(spec, "hostAliases").forEach((alias, i) => {
    const at = `${path}.hostAliases[${i}]`;
    checkIp(textOf(alias, "ip"), `${at}.ip`, report);
    textsOf(alias, "hostnames").forEach((name, j) => {
      checkDnsSubdomain(name, `${at}.hostnames[${j}]`, report);
    });
  });
}
