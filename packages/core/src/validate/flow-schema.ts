import { isRecord } from "../json.ts";
import { type Fields, fieldsOf, flagOf, has, listOf, numberOf, textOf, textsOf } from "./fields.ts";
import { checkDnsLabel, checkDnsSubdomain } from "./name-forms.ts";
import { effectiveName } from "./object-meta.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const DEFAULT_PRECEDENCE = 1000;
const LAST_PRECEDENCE = 10_000;
const SUBJECTS = { ServiceAccount: "serviceAccount", User: "user", Group: "group" } as const;
const VERBS = "get list create update delete deletecollection patch watch proxy".split(" ");

/** Reports what the API server refuses in a FlowSchema beyond its metadata. */
export function checkFlowSchema(schema: Fields, report: Report): void {
  const spec = fieldsOf(schema, "spec") ?? {};
  const name = effectiveName(fieldsOf(schema, "metadata") ?? {});
  const precedence = numberOf(spec, "matchingPrecedence") || DEFAULT_PRECEDENCE;
  checkRange(precedence, 1, LAST_PRECEDENCE, "spec.matchingPrecedence", report);
  if (precedence === 1 && name !== "exempt")
    report("spec.matchingPrecedence", 'only the FlowSchema "exempt" comes first', "write 2 or more");
  const method = fieldsOf(spec, "distinguisherMethod");
  if (method)
    checkOneOf(textOf(method, "type"), ["ByNamespace", "ByUser"], "spec.distinguisherMethod.type", report);
  const level = textOf(fieldsOf(spec, "priorityLevelConfiguration") ?? {}, "name");
  const path = "spec.priorityLevelConfiguration.name";
  if (level === "") missing(report, path, "write the name of a PriorityLevelConfiguration");
  else checkDnsSubdomain(level, path, report);
  listOf(spec, "rules").forEach((rule, i) => {
    checkRule(rule, `spec.rules[${i}]`, report);
  });
  if (Object.hasOwn(FIXED, name) && !isFixed(spec, FIXED[name]!))
    report("spec", `Kubernetes fixes the spec of ${quoted(name)}`, "remove it, or give it another name");
}

function checkRule(rule: Fields, path: string, report: Report): void {
  const subjects = listOf(rule, "subjects");
  if (subjects.length === 0) missing(report, `${path}.subjects`, "write whose requests it is for");
  subjects.forEach((subject, i) => {
    checkSubject(subject, `${path}.subjects[${i}]`, report);
  });
  const resources = listOf(rule, "resourceRules");
  const urls = listOf(rule, "nonResourceRules");
  if (resources.length === 0 && urls.length === 0)
    missing(report, path, "write resourceRules or nonResourceRules");
  resources.forEach((resource, i) => {
    checkResourceRule(resource, `${path}.resourceRules[${i}]`, report);
  });
  urls.forEach((url, i) => {
    checkUrlRule(url, `${path}.nonResourceRules[${i}]`, report);
  });
}

function checkSubject(subject: Fields, path: string, report: Report): void {
  const kind = textOf(subject, "kind");
  checkOneOf(kind, Object.keys(SUBJECTS), `${path}.kind`, report);
  if (!Object.hasOwn(SUBJECTS, kind)) return;
  const field = SUBJECTS[kind as keyof typeof SUBJECTS];
  for (const other of Object.values(SUBJECTS))
    if (other !== field && has(subject, other))
      report(`${path}.${other}`, `a subject of kind ${kind} has no ${other}`, `write ${field} alone`);
  const named = fieldsOf(subject, field);
  if (!named) {
    missing(report, `${path}.${field}`, `write ${field}: { name: … }`);
    return;
  }
  const name = textOf(named, "name");
  if (name === "") missing(report, `${path}.${field}.name`, "write the name, or '*' for all");
  if (kind !== "ServiceAccount") return;
  if (name !== "" && name !== "*") checkDnsSubdomain(name, `${path}.${field}.name`, report);
  const namespace = textOf(named, "namespace");
  if (namespace === "") missing(report, `${path}.${field}.namespace`, "write the ServiceAccount's namespace");
  else checkDnsLabel(namespace, `${path}.${field}.namespace`, report);
}

function checkResourceRule(rule: Fields, path: string, report: Report): void {
  checkVerbs(textsOf(rule, "verbs"), `${path}.verbs`, report);
  for (const field of ["apiGroups", "resources"]) {
    const values = textsOf(rule, field);
    if (values.length === 0) missing(report, `${path}.${field}`, `write ${field}: ['*'] for all`);
    else checkAloneIfAll(values, `${path}.${field}`, report);
  }
  const namespaces = textsOf(rule, "namespaces");
  if (namespaces.length === 0 && !flagOf(rule, "clusterScope"))
    missing(report, `${path}.namespaces`, "write namespaces, or clusterScope: true");
  if (namespaces.includes("*")) checkAloneIfAll(namespaces, `${path}.namespaces`, report);
  else
    namespaces.forEach((namespace, i) => {
      checkDnsLabel(namespace, `${path}.namespaces[${i}]`, report);
    });
}

function checkUrlRule(rule: Fields, path: string, report: Report): void {
  checkVerbs(textsOf(rule, "verbs"), `${path}.verbs`, report);
  const urls = textsOf(rule, "nonResourceURLs");
  const at = `${path}.nonResourceURLs`;
  if (urls.length === 0) missing(report, at, "write nonResourceURLs: ['*'] for all");
  if (urls.includes("*")) checkAloneIfAll(urls, at, report);
  else
    urls.forEach((url, i) => {
      if (!/^\/(?!\/)[^ *]*$/.test(url.replace(/\/\*$/, "/")) || url.includes("//"))
        report(
          `${at}[${i}]`,
          `${quoted(url)} is no path: expected one / at the front, no space, no //, an asterisk as /* at the end alone`,
          "write a path like /healthz or /healthz/*",
        );
    });
}

function checkVerbs(verbs: readonly string[], path: string, report: Report): void {
  if (verbs.length === 0) missing(report, path, "write verbs: ['*'] for all");
  if (verbs.includes("*")) checkAloneIfAll(verbs, path, report);
  else
    verbs.forEach((verb, i) => {
      checkOneOf(verb, VERBS, path, report, `${path}[${i}]`);
    });
}

function checkAloneIfAll(values: readonly string[], path: string, report: Report): void {
  if (values.includes("*") && values.length > 1)
    report(path, `'*' is all, and ${values.length - 1} more beside it`, "leave '*' alone, or remove it");
}

const ALL = {
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
  ],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
};
const groups = (...names: string[]) => names.map((name) => ({ kind: "Group", group: { name } }));

/** The two FlowSchemas that the API server always has (apiserver's flowcontrol bootstrap). */
const FIXED: Readonly<Record<string, Fields>> = {
  exempt: {
    priorityLevelConfiguration: { name: "exempt" },
    matchingPrecedence: 1,
    rules: [{ subjects: groups("system:masters"), ...ALL }],
  },
  "catch-all": {
    priorityLevelConfiguration: { name: "catch-all" },
    matchingPrecedence: LAST_PRECEDENCE,
    distinguisherMethod: { type: "ByUser" },
    rules: [{ subjects: groups("system:unauthenticated", "system:authenticated"), ...ALL }],
  },
};

function isFixed(spec: Fields, fixed: Fields): boolean {
  const matchingPrecedence = numberOf(spec, "matchingPrecedence") || DEFAULT_PRECEDENCE;
  return isSame({ ...spec, matchingPrecedence }, fixed);
}

/** Whether two values are equal, where Go's value for what is absent is as good as absence. */
function isSame(value: unknown, fixed: unknown): boolean {
  if (Array.isArray(fixed))
    return (
      Array.isArray(value) &&
      value.length === fixed.length &&
      fixed.every((item, i) => isSame(value[i], item))
    );
  if (!isRecord(fixed)) return value === fixed;
  if (!isRecord(value)) return false;
  const isEmpty = (item: unknown) => !item || (Array.isArray(item) && item.length === 0);
  return (
    Object.keys(fixed).every((key) => isSame(value[key], fixed[key])) &&
    Object.keys(value).every((key) => Object.hasOwn(fixed, key) || isEmpty(value[key]))
  );
}
