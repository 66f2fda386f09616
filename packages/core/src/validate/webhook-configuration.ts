import { isDnsSubdomain } from "../names.ts";
import { checkAdmissionRules } from "./admission-rules.ts";
import { type Fields, fieldsOf, has, listOf, numberOf, optionalText, textOf, textsOf } from "./fields.ts";
import { parseIp } from "./ip-address.ts";
import { checkLabelSelector } from "./label-selector.ts";
import { checkDnsSubdomain, checkQualifiedName, checkVersionLabel } from "./name-forms.ts";
import { checkPortNumber } from "./port.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const REVIEW_VERSIONS = ["v1", "v1beta1"];
const MOST_CONDITIONS = 64;

/** Reports what the API server refuses in a MutatingWebhookConfiguration beyond its metadata; CEL is not evaluated. */
export function checkMutatingWebhooks(configuration: Fields, report: Report): void {
  checkWebhooks(configuration, report);
  listOf(configuration, "webhooks").forEach((webhook, i) => {
    const policy = optionalText(webhook, "reinvocationPolicy");
    if (policy !== undefined)
      checkOneOf(policy, ["IfNeeded", "Never"], `webhooks[${i}].reinvocationPolicy`, report);
  });
}

/** The same of a ValidatingWebhookConfiguration. */
export function checkWebhooks(configuration: Fields, report: Report): void {
  const names = new Set<string>();
  listOf(configuration, "webhooks").forEach((webhook, i) => {
    const path = `webhooks[${i}]`;
    const name = textOf(webhook, "name");
    checkWebhook(webhook, name, path, report);
    if (names.has(name))
      report(`${path}.name`, `a webhook ${quoted(name)} is there already`, "give each its own name");
    if (name !== "") names.add(name);
  });
}

function checkWebhook(webhook: Fields, name: string, path: string, report: Report): void {
  if (name === "") missing(report, `${path}.name`, "write a name like check.example.com");
  else if (!isDnsSubdomain(name)) checkDnsSubdomain(name, `${path}.name`, report);
  else if (name.split(".").length < 3)
    report(
      `${path}.name`,
      `${quoted(name)} has less than three parts`,
      "write a name like check.example.com",
    );
  checkAdmissionRules(listOf(webhook, "rules"), `${path}.rules`, report);
  const words = [
    ["failurePolicy", ["Fail", "Ignore"]],
    ["matchPolicy", ["Equivalent", "Exact"]],
    ["sideEffects", ["None", "NoneOnDryRun"]],
  ] as const;
  for (const [field, allowed] of words) {
    const word = optionalText(webhook, field);
    if (word !== undefined) checkOneOf(word, allowed, `${path}.${field}`, report);
    else if (field === "sideEffects") missing(report, `${path}.${field}`, "write None or NoneOnDryRun");
  }
  checkRange(numberOf(webhook, "timeoutSeconds") ?? 10, 1, 30, `${path}.timeoutSeconds`, report);
  for (const field of ["namespaceSelector", "objectSelector"])
    checkLabelSelector(fieldsOf(webhook, field), `${path}.${field}`, report);
  checkClientConfig(fieldsOf(webhook, "clientConfig") ?? {}, `${path}.clientConfig`, report);
  checkMatchConditions(listOf(webhook, "matchConditions"), `${path}.matchConditions`, report);
  checkReviewVersions(textsOf(webhook, "admissionReviewVersions"), `${path}.admissionReviewVersions`, report);
}

/** Reports versions of a review that the server does not speak. */
export function checkReviewVersions(versions: readonly string[], path: string, report: Report): void {
  if (versions.length === 0) {
    missing(report, path, "write admissionReviewVersions: [v1]");
    return;
  }
  const seen = new Set<string>();
  versions.forEach((version, i) => {
    if (seen.has(version)) report(`${path}[${i}]`, `${quoted(version)} is there twice`, "remove one");
    else checkVersionLabel(version, `${path}[${i}]`, report);
    seen.add(version);
  });
  if (!versions.some((version) => REVIEW_VERSIONS.includes(version)))
    report(path, "the API server speaks v1 and v1beta1 of AdmissionReview, and none is here", "add v1");
}

/** Reports what the API server refuses in `matchConditions`; CEL is not compiled. */
export function checkMatchConditions(conditions: readonly Fields[], path: string, report: Report): void {
  if (conditions.length > MOST_CONDITIONS)
    report(path, `at most ${MOST_CONDITIONS} conditions, not ${conditions.length}`, "put some together");
  const names = new Set<string>();
  conditions.forEach((condition, i) => {
    if (textOf(condition, "expression").trim() === "")
      missing(report, `${path}[${i}].expression`, "write an expression of CEL");
    const name = textOf(condition, "name");
    if (name === "") missing(report, `${path}[${i}].name`, "write the condition's name");
    else checkQualifiedName(name, `${path}[${i}].name`, report);
    if (names.has(name))
      report(`${path}[${i}].name`, `a condition ${quoted(name)} is there already`, "give each its own name");
    if (name !== "") names.add(name);
  });
}

/** Reports what the API server refuses in the `clientConfig` of a webhook. */
export function checkClientConfig(config: Fields, path: string, report: Report): void {
  const url = optionalText(config, "url");
  const service = fieldsOf(config, "service");
  if ((url === undefined) === (service === undefined)) missing(report, path, "write either service or url");
  else if (url !== undefined) checkUrl(url, `${path}.url`, report);
  else if (service !== undefined) checkService(service, `${path}.service`, report);
}

function checkUrl(url: string, path: string, report: Report): void {
  const [, authority = ""] = /^https:\/\/([^/?#]*)/i.exec(url) ?? [];
  const rest = url.slice("https://".length + authority.length);
  const query = /\?([^#]*)/.exec(rest)?.[1] ?? "";
  const fragment = /#(.*)$/s.exec(rest)?.[1] ?? "";
  const isRight =
    isHost(authority) &&
    query === "" &&
    fragment === "" &&
    ![...url].some((c) => c < " " || c === "\u007f") &&
    !/%(?![0-9a-f]{2})/i.test(rest);
  if (!isRight)
    report(path, `${quoted(url)} is not https://host/path, with nothing after it`, "write https://host/path");
}

/** A host as Go's net/url takes it, with a port or without. */
function isHost(authority: string): boolean {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(authority);
  if (bracketed) return parseIp(bracketed[1]!)?.family === 6;
  return /^[^ %:@[\\\]^`{|}]+(?::\d*)?$/.test(authority);
}

/** The server mixes up the two when one is empty. */
function checkService(service: Fields, path: string, report: Report): void {
  for (const [field, named] of [
    ["namespace", "name"],
    ["name", "namespace"],
  ] as const)
    if (textOf(service, field) === "")
      missing(report, `${path}.${named}`, `write the ${field} of the Service`, `${path}.${field}`);
  checkPortNumber(numberOf(service, "port") ?? 443, `${path}.port`, report);
  const file = has(service, "path") ? textOf(service, "path") : "";
  if (file === "" || file === "/") return;
  const steps = file.slice(1).replace(/\/$/, "").split("/");
  if (!file.startsWith("/") || !steps.every(isDnsSubdomain))
    report(
      `${path}.path`,
      `${quoted(file)} is no path of a webhook: expected names of a-z, 0-9, '-' and '.' after each /`,
      "write a path like /validate",
    );
}
