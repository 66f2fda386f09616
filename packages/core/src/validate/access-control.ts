import { type Fields, fieldsOf, has, listOf, textOf, textsOf } from "./fields.ts";
import { checkLabelSelector, isUsableSelector } from "./label-selector.ts";
import { checkDnsSubdomain, checkPathSegment } from "./name-forms.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const GROUP = "rbac.authorization.k8s.io";

/** Reports what the API server refuses in a Role beyond its metadata. */
export function checkRole(role: Fields, report: Report): void {
  listOf(role, "rules").forEach((rule, i) => {
    checkPolicyRule(rule, true, `rules[${i}]`, report);
  });
}

/** Reports what the API server refuses in a ClusterRole beyond its metadata. */
export function checkClusterRole(role: Fields, report: Report): void {
  listOf(role, "rules").forEach((rule, i) => {
    checkPolicyRule(rule, false, `rules[${i}]`, report);
  });
  const aggregation = fieldsOf(role, "aggregationRule");
  if (!aggregation) return;
  const path = "aggregationRule.clusterRoleSelectors";
  const selectors = listOf(aggregation, "clusterRoleSelectors");
  if (selectors.length === 0) missing(report, path, "write the labels of the roles to gather");
  selectors.forEach((selector, i) => {
    checkLabelSelector(selector, `${path}[${i}]`, report);
    if (!isUsableSelector(selector))
      report(`${path}[${i}]`, "the selector cannot be read", "correct what is said about its parts");
  });
}

function checkPolicyRule(rule: Fields, isNamespaced: boolean, path: string, report: Report): void {
  const lists = ["apiGroups", "resources", "resourceNames"];
  if (textsOf(rule, "verbs").length === 0)
    missing(report, `${path}.verbs`, "write verbs: [get, list, watch]");
  if (textsOf(rule, "nonResourceURLs").length > 0) {
    if (isNamespaced)
      report(
        `${path}.nonResourceURLs`,
        "a Role has no say over URLs: they belong to no namespace",
        "write a ClusterRole",
      );
    const beside = lists.filter((list) => textsOf(rule, list).length > 0);
    if (beside.length > 0)
      report(
        `${path}.nonResourceURLs`,
        `a rule is about URLs or about resources, not both (${beside.join(", ")})`,
        "write two rules",
      );
    return;
  }
  if (textsOf(rule, "apiGroups").length === 0)
    missing(report, `${path}.apiGroups`, 'write apiGroups: [""] for Pods, Services, Secrets and the like');
  if (textsOf(rule, "resources").length === 0)
    missing(report, `${path}.resources`, "write resources: [pods]");
}

/** Reports what the API server refuses in a RoleBinding beyond its metadata. */
export function checkRoleBinding(binding: Fields, report: Report): void {
  checkBinding(binding, ["Role", "ClusterRole"], true, report);
}

/** Reports what the API server refuses in a ClusterRoleBinding beyond its metadata. */
export function checkClusterRoleBinding(binding: Fields, report: Report): void {
  checkBinding(binding, ["ClusterRole"], false, report);
}

function checkBinding(
  binding: Fields,
  kinds: readonly string[],
  isNamespaced: boolean,
  report: Report,
): void {
  const ref = fieldsOf(binding, "roleRef") ?? {};
  checkOneOf(textOf(ref, "apiGroup") || GROUP, [GROUP], "roleRef.apiGroup", report);
  checkOneOf(textOf(ref, "kind"), kinds, "roleRef.kind", report);
  const name = textOf(ref, "name");
  if (name === "") missing(report, "roleRef.name", "write the role's name");
  else checkPathSegment(name, "roleRef.name", report);
  listOf(binding, "subjects").forEach((subject, i) => {
    checkSubject(subject, isNamespaced, `subjects[${i}]`, report);
  });
}

function checkSubject(subject: Fields, isNamespaced: boolean, path: string, report: Report): void {
  const kind = textOf(subject, "kind");
  const name = textOf(subject, "name");
  const group = textOf(subject, "apiGroup");
  if (name === "") missing(report, `${path}.name`, "write the subject's name");
  if (kind === "ServiceAccount") {
    if (name !== "") checkDnsSubdomain(name, `${path}.name`, report);
    if (group !== "")
      report(
        `${path}.apiGroup`,
        `a ServiceAccount has no apiGroup, not ${quoted(group)}`,
        "remove apiGroup",
        {
          fix: [{ op: "remove", path: `/${path.replace("[", "/").replace("]", "")}/apiGroup` }],
        },
      );
    if (!isNamespaced && !(has(subject, "namespace") && textOf(subject, "namespace") !== ""))
      missing(report, `${path}.namespace`, "write the namespace of the ServiceAccount");
  } else if (kind === "User" || kind === "Group")
    checkOneOf(group || GROUP, [GROUP], `${path}.apiGroup`, report);
  else checkOneOf(kind, ["ServiceAccount", "User", "Group"], `${path}.kind`, report);
}
