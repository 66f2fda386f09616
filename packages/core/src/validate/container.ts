import { isDnsLabel } from "../names.ts";
import { checkEnv, checkEnvFrom } from "./env.ts";
import { type Fields, fieldsOf, flagOf, has, listOf, numberOf, optionalText, textOf } from "./fields.ts";
import { checkLifecycle, checkProbes } from "./handler.ts";
import { checkDnsLabel } from "./name-forms.ts";
import { checkPortName, checkPortNumber, PROTOCOLS } from "./port.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { checkContainerResource, checkResourceRequirements } from "./resource-requirements.ts";
import { checkSecurityContext } from "./security-context.ts";
import { PULL_POLICIES } from "./volume.ts";
import { checkMounts } from "./volume-mount.ts";

/** What the pod says that its containers depend on. */
export interface PodFacts {
  readonly volumes: ReadonlyMap<string, Fields>;
  readonly claims: ReadonlySet<string>;
  readonly gracePeriod: number;
  readonly restartPolicy: string;
  readonly hostUsers: boolean;
  /** A Pod whose containers take each port of theirs on the host, for the server gives them host ports. */
  readonly takesHostPorts: boolean;
  /** A Pod, whose containers the server gives their limits as requests where these are missing. */
  readonly limitsAreRequests: boolean;
}

const RESTART_POLICIES = ["Always", "Never", "OnFailure"];

/** Reports what the API server refuses in `containers` of a pod. */
export function checkContainers(
  containers: readonly Fields[],
  pod: PodFacts,
  path: string,
  report: Report,
): void {
  if (containers.length === 0) missing(report, path, "write at least one container");
  const names = new Set<string>();
  const hostPorts = new Set<string>();
  containers.forEach((container, i) => {
    const at = `${path}[${i}]`;
    checkContainer(container, pod, at, report);
    checkUniqueName(container, names, at, report);
    names.add(textOf(container, "name"));
    checkRunning(container, pod, at, report);
    checkRestart(container, at, report);
    checkHostPorts(container, hostPorts, pod.takesHostPorts, `${at}.ports`, report);
  });
}

/** Reports what the API server refuses in `initContainers` of a pod, sidecars among them. */
export function checkInitContainers(
  containers: readonly Fields[],
  regular: readonly Fields[],
  pod: PodFacts,
  path: string,
  report: Report,
): void {
  const names = new Set(regular.map((container) => textOf(container, "name")));
  containers.forEach((container, i) => {
    const at = `${path}[${i}]`;
    checkContainer(container, pod, at, report);
    checkUniqueName(container, names, at, report);
    if (textOf(container, "name") !== "") names.add(textOf(container, "name"));
    checkRestart(container, at, report);
    // The server takes each alone, and so names the first.
    checkHostPorts(container, new Set(), pod.takesHostPorts, `${path}[0].ports`, report);
    const isSidecar = textOf(container, "restartPolicy") === "Always";
    if (isSidecar) checkRunning(container, pod, at, report);
    else {
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"])
        if (has(container, field))
          report(
            `${at}.${field}`,
            "an init container has it only with restartPolicy: Always",
            `remove ${field}, or write restartPolicy: Always for a sidecar`,
          );
      listOf(container, "resizePolicy").forEach((policy, j) => {
        if (textOf(policy, "restartPolicy") === "RestartContainer")
          report(
            `${at}.resizePolicy[${j}].restartPolicy`,
            "RestartContainer is not for init containers",
            "write NotRequired",
          );
      });
    }
  });
}

function checkUniqueName(container: Fields, names: ReadonlySet<string>, path: string, report: Report): void {
  const name = textOf(container, "name");
  if (names.has(name))
    report(
      `${path}.name`,
      `a container ${quoted(name)} is there already`,
      "give each container its own name",
    );
}

function checkContainer(container: Fields, pod: PodFacts, path: string, report: Report): void {
  const name = textOf(container, "name");
  if (name === "") missing(report, `${path}.name`, "write the container's name");
  else if (!isDnsLabel(name)) checkDnsLabel(name, `${path}.name`, report);
  if (textOf(container, "image") === "") missing(report, `${path}.image`, "write the image, with a tag");
  const messages = textOf(container, "terminationMessagePolicy");
  if (messages !== "")
    checkOneOf(messages, ["File", "FallbackToLogsOnError"], `${path}.terminationMessagePolicy`, report);
  const pull = textOf(container, "imagePullPolicy");
  if (pull !== "") checkOneOf(pull, PULL_POLICIES, `${path}.imagePullPolicy`, report);
  checkPorts(listOf(container, "ports"), pod.takesHostPorts, `${path}.ports`, report);
  checkEnv(listOf(container, "env"), `${path}.env`, report);
  checkEnvFrom(listOf(container, "envFrom"), `${path}.envFrom`, report);
  checkMounts(container, pod.volumes, path, report);
  checkResourceRequirements(
    fieldsOf(container, "resources"),
    `${path}.resources`,
    pod.claims,
    checkContainerResource,
    report,
    pod.limitsAreRequests,
  );
  checkResizePolicy(listOf(container, "resizePolicy"), pod.restartPolicy, `${path}.resizePolicy`, report);
  const context = fieldsOf(container, "securityContext");
  if (context) checkSecurityContext(context, pod.hostUsers, `${path}.securityContext`, report);
}

function checkRunning(container: Fields, pod: PodFacts, path: string, report: Report): void {
  const lifecycle = fieldsOf(container, "lifecycle");
  if (lifecycle) checkLifecycle(lifecycle, pod.gracePeriod, `${path}.lifecycle`, report);
  checkProbes(container, pod.gracePeriod, path, report);
}

function checkPorts(ports: readonly Fields[], takesHostPorts: boolean, path: string, report: Report): void {
  const names = new Set<string>();
  ports.forEach((port, i) => {
    const at = `${path}[${i}]`;
    const name = textOf(port, "name");
    if (name !== "") {
      if (names.has(name))
        report(`${at}.name`, `a port ${quoted(name)} is there already`, "give each port its own name");
      checkPortName(name, `${at}.name`, report);
      names.add(name);
    }
    const number = numberOf(port, "containerPort") ?? 0;
    if (number === 0) missing(report, `${at}.containerPort`, "write the port's number");
    else checkPortNumber(number, `${at}.containerPort`, report);
    const hostPort = hostPortOf(port, takesHostPorts);
    if (hostPort !== 0) checkPortNumber(hostPort, `${at}.hostPort`, report);
    checkOneOf(textOf(port, "protocol") || "TCP", PROTOCOLS, `${at}.protocol`, report);
  });
}

function hostPortOf(port: Fields, takesHostPorts: boolean): number {
  return numberOf(port, "hostPort") || (takesHostPorts ? (numberOf(port, "containerPort") ?? 0) : 0);
}

function checkHostPorts(
  container: Fields,
  taken: Set<string>,
  takesAll: boolean,
  path: string,
  report: Report,
): void {
  listOf(container, "ports").forEach((port, i) => {
    const number = hostPortOf(port, takesAll);
    if (number === 0) return;
    const key = `${textOf(port, "protocol") || "TCP"}/${textOf(port, "hostIP")}/${number}`;
    if (taken.has(key))
      report(
        `${path}[${i}].hostPort`,
        `port ${number} of the host is taken by this pod already`,
        "use another port",
      );
    taken.add(key);
  });
}

function checkResizePolicy(
  policies: readonly Fields[],
  podRestartPolicy: string,
  path: string,
  report: Report,
): void {
  const seen = new Set<string>();
  policies.forEach((policy, i) => {
    const name = textOf(policy, "resourceName");
    const at = `${path}[${i}]`;
    if (seen.has(name)) report(at, `${quoted(name)} is there twice`, "remove one of them");
    seen.add(name);
    checkOneOf(name, ["cpu", "memory"], path, report, `${at}.resourceName`);
    // Absent it is NotRequired by default.
    const restart = textOf(policy, "restartPolicy");
    checkOneOf(restart, ["NotRequired", "RestartContainer"], path, report, `${at}.restartPolicy`);
    if (podRestartPolicy === "Never" && restart === "RestartContainer")
      report(path, "a pod with restartPolicy: Never restarts no container", "write NotRequired", {
        where: at,
      });
  });
}

/** A container's own restart policy, and the rules of exit codes that go with it. */
function checkRestart(container: Fields, path: string, report: Report): void {
  const policy = optionalText(container, "restartPolicy");
  const rules = listOf(container, "restartPolicyRules");
  if (policy !== undefined) checkOneOf(policy, RESTART_POLICIES, `${path}.restartPolicy`, report);
  else if (rules.length > 0)
    missing(report, `${path}.restartPolicy`, "write what happens where no rule speaks");
  if (policy === undefined && rules.length > 0 && path.includes("initContainers")) return;
  if (rules.length > 20)
    report(
      `${path}.restartPolicyRules`,
      `at most 20 rules, not ${rules.length}`,
      "merge rules with equal actions",
    );
  rules.forEach((rule, i) => {
    const at = `${path}.restartPolicyRules[${i}]`;
    checkOneOf(textOf(rule, "action"), ["Restart", "RestartAllContainers"], `${at}.action`, report);
    const exitCodes = fieldsOf(rule, "exitCodes");
    if (!exitCodes) {
      missing(report, `${at}.exitCodes`, "write the operator and values of exit codes");
      return;
    }
    checkOneOf(textOf(exitCodes, "operator"), ["In", "NotIn"], `${at}.exitCodes.operator`, report);
    const values = exitCodes.values;
    if (Array.isArray(values) && values.length > 255)
      report(`${at}.exitCodes.values`, `at most 255 exit codes, not ${values.length}`, "list fewer");
  });
}

/** Whether the pod shares the users of its node. */
export function sharesUsers(spec: Fields): boolean {
  return flagOf(spec, "hostUsers") !== false;
}
