import { type Fields, optionalText, textsOf } from "./fields.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

/** Reports what the API server refuses in `rules` of a webhook: which requests it is asked about. */
export function checkAdmissionRules(rules: readonly Fields[], path: string, report: Report): void {
  rules.forEach((rule, i) => {
    const at = `${path}[${i}]`;
    checkAll(textsOf(rule, "operations"), `${at}.operations`, "[CREATE, UPDATE]", report);
    textsOf(rule, "operations").forEach((operation, j) => {
      checkOneOf(operation, OPERATIONS, `${at}.operations[${j}]`, report);
    });
    checkAll(textsOf(rule, "apiGroups"), `${at}.apiGroups`, '["apps"]', report);
    checkAll(textsOf(rule, "apiVersions"), `${at}.apiVersions`, "[v1]", report);
    textsOf(rule, "apiVersions").forEach((version, j) => {
      if (version === "") missing(report, `${at}.apiVersions[${j}]`, "write a version, or * for all");
    });
    checkResources(textsOf(rule, "resources"), `${at}.resources`, report);
    const scope = optionalText(rule, "scope");
    if (scope !== undefined) checkOneOf(scope, ["*", "Cluster", "Namespaced"], `${at}.scope`, report);
  });
}

/** A list that says something, and in which `*` stands alone. */
function checkAll(words: readonly string[], path: string, example: string, report: Report): void {
  if (words.length === 0) missing(report, path, `write ${example}, or ["*"] for all`);
  if (words.length > 1 && words.includes("*"))
    report(path, 'beside "*" nothing else counts', 'write ["*"] alone, or remove it');
}

function checkResources(resources: readonly string[], path: string, report: Report): void {
  if (resources.length === 0) missing(report, path, 'write [pods], or ["*"] for all');
  const [wholes, parts] = [new Set<string>(), new Set<string>()];
  let hasPlain = false;
  resources.forEach((written, i) => {
    if (written === "") {
      missing(report, `${path}[${i}]`, "write the plural name of a resource, like pods");
      return;
    }
    const slash = written.indexOf("/");
    // Only the last one without a subresource counts, as the server has it.
    if (slash < 0) {
      hasPlain = written !== "*";
      return;
    }
    const [resource, subresource] = [written.slice(0, slash), written.slice(slash + 1)];
    for (const pattern of [
      ...(wholes.has(resource) ? [`${resource}/*`] : []),
      ...(parts.has(subresource) ? [`*/${subresource}`] : []),
    ])
      report(`${path}[${i}]`, `${quoted(written)} is in ${quoted(pattern)} already`, "remove it");
    if (subresource === "*") wholes.add(resource);
    if (resource === "*") parts.add(subresource);
  });
  if (resources.length > 1 && resources.includes("*/*"))
    report(path, 'beside "*/*" nothing else counts', 'write ["*/*"] alone, or remove it');
  if (resources.includes("*") && hasPlain)
    report(path, '"*" is every resource already', "remove the resources beside it");
}
