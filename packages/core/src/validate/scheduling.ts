import { suggest } from "../did-you-mean.ts";
import { isLabelKey } from "../labels.ts";
import {
  type Fields,
  fieldsOf,
  has,
  keysOf,
  listOf,
  numberOf,
  optionalText,
  textOf,
  textsOf,
} from "./fields.ts";
import { checkLabelSelector, checkLabelValue, checkOperatorValues } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { checkOneOf, checkRange, missing, quoted, type Report } from "./report.ts";

const NODE_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

/** Reports what the API server refuses in `affinity`. `podLabels` are those of a Pod itself, not of a template. */
export function checkAffinity(
  affinity: Fields,
  podLabels: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
): void {
  const node = fieldsOf(affinity, "nodeAffinity");
  if (node) {
    const required = fieldsOf(node, REQUIRED);
    if (required) checkNodeSelector(required, `${path}.nodeAffinity.${REQUIRED}`, report);
    listOf(node, PREFERRED).forEach((term, i) => {
      const at = `${path}.nodeAffinity.${PREFERRED}[${i}]`;
      checkRange(numberOf(term, "weight") ?? 0, 1, 100, `${at}.weight`, report);
      checkNodeTerm(fieldsOf(term, "preference") ?? {}, false, `${at}.preference`, report);
    });
  }
  for (const kind of ["podAffinity", "podAntiAffinity"]) {
    const pods = fieldsOf(affinity, kind);
    if (!pods) continue;
    listOf(pods, REQUIRED).forEach((term, i) => {
      checkPodTerm(term, podLabels, `${path}.${kind}.${REQUIRED}[${i}]`, report);
    });
    listOf(pods, PREFERRED).forEach((term, i) => {
      const at = `${path}.${kind}.${PREFERRED}[${i}]`;
      checkRange(numberOf(term, "weight") ?? 0, 1, 100, `${at}.weight`, report);
      checkPodTerm(fieldsOf(term, "podAffinityTerm") ?? {}, podLabels, `${at}.podAffinityTerm`, report);
    });
  }
}

/** Reports what the API server refuses in a selector of nodes. */
export function checkNodeSelector(selector: Fields, path: string, report: Report): void {
  const terms = listOf(selector, "nodeSelectorTerms");
  if (terms.length === 0) missing(report, `${path}.nodeSelectorTerms`, "write at least one term");
  terms.forEach((term, i) => {
    checkNodeTerm(term, true, `${path}.nodeSelectorTerms[${i}]`, report);
  });
}

/** In preferences the server lets values pass that no label can have. */
function checkNodeTerm(term: Fields, checksValues: boolean, path: string, report: Report): void {
  listOf(term, "matchExpressions").forEach((requirement, i) => {
    const at = `${path}.matchExpressions[${i}]`;
    const operator = textOf(requirement, "operator");
    const values = textsOf(requirement, "values");
    checkOperatorValues(operator, values, at, report);
    if ((operator === "Gt" || operator === "Lt") && values.length !== 1)
      report(
        `${at}.values`,
        `operator ${operator} takes one value, not ${values.length}`,
        "write one number in quotes",
      );
    if (!NODE_OPERATORS.includes(operator)) wrongOperator(operator, NODE_OPERATORS, at, report);
    checkQualifiedName(textOf(requirement, "key"), `${at}.key`, report);
    if (checksValues)
      values.forEach((value, j) => {
        checkLabelValue(value, `${at}.values[${j}]`, report);
      });
  });
  listOf(term, "matchFields").forEach((requirement, i) => {
    const at = `${path}.matchFields[${i}]`;
    const operator = textOf(requirement, "operator");
    const values = textsOf(requirement, "values");
    const key = textOf(requirement, "key");
    if (operator !== "In" && operator !== "NotIn") wrongOperator(operator, ["In", "NotIn"], at, report);
    else if (values.length !== 1)
      report(`${at}.values`, `a field takes one value, not ${values.length}`, "write one name of a node");
    if (key !== "metadata.name")
      report(
        `${at}.key`,
        `${quoted(key)} is no field of nodes: expected metadata.name`,
        "write metadata.name",
      );
    else
      values.forEach((value, j) => {
        checkDnsSubdomain(value, `${at}.values[${j}]`, report);
      });
  });
}

function wrongOperator(operator: string, known: readonly string[], path: string, report: Report): void {
  report(
    `${path}.operator`,
    `${quoted(operator)} is not an operator: expected ${known.join(", ")}`,
    suggest(operator, known),
  );
}

function checkPodTerm(
  term: Fields,
  podLabels: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
): void {
  const selector = fieldsOf(term, "labelSelector");
  checkLabelSelector(selector, `${path}.labelSelector`, report);
  checkLabelSelector(fieldsOf(term, "namespaceSelector"), `${path}.namespaceSelector`, report);
  textsOf(term, "namespaces").forEach((name, i) => {
    checkDnsLabel(name, `${path}.namespace`, report, `${path}.namespaces[${i}]`);
  });
  checkLabelKeys(term, selector, podLabels, path, report);
  const key = textOf(term, "topologyKey");
  if (key === "")
    missing(report, `${path}.topologyKey`, "write a label of nodes, like kubernetes.io/hostname");
  else checkQualifiedName(key, `${path}.topologyKey`, report);
}

/** `matchLabelKeys` and `mismatchLabelKeys`: the server adds them to the selector of a Pod, where they may stand already. */
function checkLabelKeys(
  term: Fields,
  selector: Fields | undefined,
  podLabels: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
): void {
  const match = textsOf(term, "matchLabelKeys");
  const mismatch = textsOf(term, "mismatchLabelKeys");
  if (match.length === 0 && mismatch.length === 0) return;
  for (const [field, keys] of [
    ["matchLabelKeys", match],
    ["mismatchLabelKeys", mismatch],
  ] as const) {
    if (keys.length > 0 && selector === undefined)
      report(`${path}.${field}`, `${field} needs a labelSelector`, "write labelSelector beside it");
    else
      keys.forEach((key, i) => {
        checkQualifiedName(key, `${path}.${field}[${i}]`, report);
      });
  }
  if (selector !== undefined) {
    const expressions = listOf(selector, "matchExpressions").map((e) => textOf(e, "key"));
    const added = podLabels ? [...match, ...mismatch].filter((key) => Object.hasOwn(podLabels, key)) : [];
    const seen = new Set(keysOf(selector, "matchLabels"));
    const places = new Map(match.map((key, i) => [key, i]));
    for (const key of [...expressions, ...added]) {
      if (seen.has(key) && places.has(key))
        report(
          `${path}[${places.get(key)}]`,
          `${quoted(key)} is in matchLabelKeys and in labelSelector`,
          "leave it in one of them",
          {
            where: `${path}.matchLabelKeys[${places.get(key)}]`,
          },
        );
      seen.add(key);
    }
  }
  const other = new Set(mismatch);
  match.forEach((key, i) => {
    if (other.has(key))
      report(
        `${path}.matchLabelKeys[${i}]`,
        `${quoted(key)} is in matchLabelKeys and in mismatchLabelKeys`,
        "leave it in one of them",
      );
  });
}

/** Reports what the API server refuses in `tolerations`. */
export function checkTolerations(tolerations: readonly Fields[], path: string, report: Report): void {
  tolerations.forEach((toleration, i) => {
    const at = `${path}[${i}]`;
    const key = textOf(toleration, "key");
    const operator = textOf(toleration, "operator");
    const effect = textOf(toleration, "effect");
    const value = textOf(toleration, "value");
    if (key !== "") checkQualifiedName(key, `${at}.key`, report);
    else if (operator !== "Exists")
      report(
        `${at}.operator`,
        "a toleration without key needs operator Exists",
        "write the taint's key, or operator: Exists for all taints",
      );
    if (has(toleration, "tolerationSeconds") && effect !== "NoExecute")
      report(
        `${at}.effect`,
        "tolerationSeconds needs effect NoExecute",
        "write effect: NoExecute, or remove tolerationSeconds",
      );
    if (operator === "Exists") {
      if (value !== "")
        report(`${at}.operator`, "operator Exists takes no value", "remove value, or write operator: Equal");
    } else if (operator === "Equal" || operator === "")
      checkLabelValue(value, `${at}.operator`, report, `${at}.value`);
    else checkOneOf(operator, ["Equal", "Exists"], `${at}.operator`, report);
    if (effect !== "") checkOneOf(effect, EFFECTS, `${at}.effect`, report);
  });
}

/** Reports what the API server refuses in `topologySpreadConstraints`. */
export function checkTopologySpread(
  constraints: readonly Fields[],
  podLabels: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
): void {
  const pairs = constraints.map((c) =>
    JSON.stringify([textOf(c, "topologyKey"), textOf(c, "whenUnsatisfiable")]),
  );
  const last = new Map(pairs.map((pair, i) => [pair, i]));
  constraints.forEach((constraint, i) => {
    const at = `${path}[${i}]`;
    const skew = numberOf(constraint, "maxSkew") ?? 0;
    if (skew <= 0) report(`${at}.maxSkew`, `maxSkew must be 1 or more, not ${skew}`, "write 1");
    if (textOf(constraint, "topologyKey") === "")
      missing(report, `${at}.topologyKey`, "write a label of nodes, like topology.kubernetes.io/zone");
    const action = textOf(constraint, "whenUnsatisfiable");
    checkOneOf(action, ["DoNotSchedule", "ScheduleAnyway"], `${at}.whenUnsatisfiable`, report);
    if (last.get(pairs[i]!) !== i)
      report(
        `${at}.{topologyKey, whenUnsatisfiable}`,
        "two constraints have the same topologyKey and whenUnsatisfiable",
        "remove one of them",
        { where: at },
      );
    const domains = numberOf(constraint, "minDomains");
    if (domains !== undefined && (domains <= 0 || action !== "DoNotSchedule"))
      report(
        `${at}.minDomains`,
        "minDomains must be 1 or more, and goes with whenUnsatisfiable: DoNotSchedule",
        "remove it, or write whenUnsatisfiable: DoNotSchedule",
      );
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"]) {
      const policy = optionalText(constraint, field);
      if (policy !== undefined) checkOneOf(policy, ["Honor", "Ignore"], `${at}.${field}`, report);
    }
    const selector = fieldsOf(constraint, "labelSelector");
    checkLabelKeys(constraint, selector, podLabels, at, report);
    checkLabelSelector(selector, `${at}.labelSelector`, report);
  });
}

/** Reports gates and gates' conditions whose names have the wrong form. */
export function checkGates(spec: Fields, path: string, report: Report): void {
  listOf(spec, "readinessGates").forEach((gate, i) => {
    checkQualifiedName(textOf(gate, "conditionType"), `${path}.readinessGates[${i}].conditionType`, report);
  });
  const seen = new Set<string>();
  listOf(spec, "schedulingGates").forEach((gate, i) => {
    const name = textOf(gate, "name");
    const at = `${path}.schedulingGates[${i}]`;
    if (!isLabelKey(name)) checkQualifiedName(name, at, report);
    if (seen.has(name)) report(at, `the gate ${quoted(name)} is there twice`, "remove one of them");
    seen.add(name);
  });
}
