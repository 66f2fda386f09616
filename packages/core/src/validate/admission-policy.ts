import { checkAdmissionRules } from "./admission-rules.ts";
import { type Fields, fieldsOf, listOf, optionalText, textOf, textsOf } from "./fields.ts";
import { checkLabelSelector } from "./label-selector.ts";
import { checkDnsSubdomain, checkPathSegment, checkQualifiedName, checkVersionLabel } from "./name-forms.ts";
import { effectiveName } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";
import { checkMatchConditions } from "./webhook-configuration.ts";

const MOST_ANNOTATIONS = 20;
const MUTATING_OPERATIONS = ["*", "CONNECT", "CREATE", "UPDATE"];
const REASONS = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
/** Words of CEL that name no variable. */
const RESERVED =
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  );

/** Reports what the API server refuses in a ValidatingAdmissionPolicy beyond its metadata; CEL is not compiled. */
export function checkAdmissionPolicy(policy: Fields, report: Report): void {
  const spec = fieldsOf(policy, "spec") ?? {};
  checkWhatItIsFor(spec, report);
  const [validations, annotations] = [listOf(spec, "validations"), listOf(spec, "auditAnnotations")];
  if (validations.length === 0 && annotations.length === 0)
    for (const field of ["validations", "auditAnnotations"])
      missing(report, `spec.${field}`, "write at least one of the two");
  validations.forEach((validation, i) => {
    checkValidation(validation, `spec.validations[${i}]`, report);
  });
  checkAnnotations(annotations, effectiveName(fieldsOf(policy, "metadata") ?? {}), report);
}

/** Reports what the API server refuses in a MutatingAdmissionPolicy beyond its metadata; CEL is not compiled. */
export function checkMutatingAdmissionPolicy(policy: Fields, report: Report): void {
  const spec = fieldsOf(policy, "spec") ?? {};
  checkWhatItIsFor(spec, report);
  checkMutatingOperations(spec, "matchConstraints", report);
  const mutations = listOf(spec, "mutations");
  if (mutations.length === 0) missing(report, "spec.mutations", "write at least one mutation");
  mutations.forEach((mutation, i) => {
    checkMutation(mutation, `spec.mutations[${i}]`, report);
  });
  const again = textOf(spec, "reinvocationPolicy");
  if (again === "") missing(report, "spec.reinvocationPolicy", "write Never or IfNeeded");
  else checkOneOf(again, ["IfNeeded", "Never"], "spec.reinvocationPolicy", report);
}

function checkMutation(mutation: Fields, path: string, report: Report): void {
  const type = textOf(mutation, "patchType");
  const fields: Readonly<Record<string, string>> = {
    ApplyConfiguration: "applyConfiguration",
    JSONPatch: "jsonPatch",
  };
  if (type === "") missing(report, `${path}.patchType`, "write ApplyConfiguration or JSONPatch");
  else checkOneOf(type, Object.keys(fields), `${path}.patchType`, report);
  if (!Object.hasOwn(fields, type)) return;
  for (const field of Object.values(fields)) {
    const patch = fieldsOf(mutation, field);
    if (field !== fields[type]) {
      if (patch)
        report(`${path}.${field}`, `a mutation of type ${type} has no ${field}`, `write ${fields[type]}`);
    } else if (!patch) missing(report, `${path}.${field}`, `write ${field}: { expression: … }`);
    else checkExpression(patch, "expression", `${path}.${field}`, report);
  }
}

/** The server leaves the indexes out, and looks at the rules that include alone. */
function checkMutatingOperations(spec: Fields, field: string, report: Report): void {
  const path = `spec.${field}.resourceRules`;
  listOf(fieldsOf(spec, field) ?? {}, "resourceRules").forEach((rule, i) => {
    textsOf(rule, "operations").forEach((operation, j) => {
      const place = `${path}[${i}].operations[${j}]`;
      checkOneOf(operation, MUTATING_OPERATIONS, `${path}.operations`, report, place);
    });
  });
}

/** What both kinds of policy have: failures, parameters, requests, conditions, variables. */
function checkWhatItIsFor(spec: Fields, report: Report): void {
  const failure = optionalText(spec, "failurePolicy");
  if (failure !== undefined) checkOneOf(failure, ["Fail", "Ignore"], "spec.failurePolicy", report);
  const paramKind = fieldsOf(spec, "paramKind");
  if (paramKind) checkParamKind(paramKind, "spec.paramKind", report);
  const constraints = fieldsOf(spec, "matchConstraints");
  if (constraints) checkMatchResources(constraints, "spec.matchConstraints", report);
  else missing(report, "spec.matchConstraints", "write which requests it is for");
  if (constraints && listOf(constraints, "resourceRules").length === 0)
    missing(report, "spec.matchConstraints.resourceRules", "write which resources it is for");
  checkMatchConditions(listOf(spec, "matchConditions"), "spec.matchConditions", report);
  listOf(spec, "variables").forEach((variable, i) => {
    const path = `spec.variables[${i}]`;
    const name = textOf(variable, "name");
    if (name.trim() === "") missing(report, `${path}.name`, "write the variable's name");
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || RESERVED.includes(name))
      report(`${path}.name`, `${quoted(name)} cannot name a variable of CEL`, "write letters, digits and _");
    checkExpression(variable, "expression", path, report);
  });
}

function checkExpression(holder: Fields, field: string, path: string, report: Report): void {
  if (textOf(holder, field).trim() === "") missing(report, `${path}.${field}`, "write an expression of CEL");
}

function checkParamKind(kind: Fields, path: string, report: Report): void {
  const version = textOf(kind, "apiVersion");
  const parts = version.split("/");
  if (version === "") missing(report, `${path}.apiVersion`, "write an apiVersion like example.com/v1");
  else if (parts.length > 2)
    report(`${path}.apiVersion`, `${quoted(version)} has more than one /`, "write example.com/v1");
  else {
    const group = parts.length > 1 ? parts[0]! : "";
    if (group !== "") checkDnsSubdomain(group, `${path}.apiVersion`, report);
    checkVersionLabel(parts.at(-1)!, `${path}.apiVersion`, report);
  }
  const name = textOf(kind, "kind");
  if (name === "") missing(report, `${path}.kind`, "write the kind of the parameters");
  else checkVersionLabel(name.toLowerCase(), `${path}.kind`, report);
}

function checkValidation(validation: Fields, path: string, report: Report): void {
  checkExpression(validation, "expression", path, report);
  for (const field of ["messageExpression", "message"]) {
    const text = textOf(validation, field);
    if (text !== "" && text.trim() === "")
      report(`${path}.${field}`, "it holds nothing but spaces", "write something, or remove it");
    else if (field === "message" && /[\n\r]/.test(text.trim()))
      report(`${path}.${field}`, "a message is one line", "remove the line breaks");
  }
  const reason = optionalText(validation, "reason");
  if (reason !== undefined) checkOneOf(reason, REASONS, `${path}.reason`, report);
}

function checkAnnotations(annotations: readonly Fields[], name: string, report: Report): void {
  if (annotations.length > MOST_ANNOTATIONS)
    report(
      "spec.auditAnnotations",
      `at most ${MOST_ANNOTATIONS}, not ${annotations.length}`,
      "put some together",
    );
  const keys = new Set<string>();
  annotations.forEach((annotation, i) => {
    const path = `spec.auditAnnotations[${i}]`;
    const key = textOf(annotation, "key");
    checkQualifiedName(`${name}/${key}`, `${path}.key`, report);
    if (keys.has(key)) report(`${path}.key`, `a key ${quoted(key)} is there already`, "write another one");
    keys.add(key);
    checkExpression(annotation, "valueExpression", path, report);
  });
}

/** Reports what the API server refuses in a ValidatingAdmissionPolicyBinding beyond its metadata. */
export function checkAdmissionPolicyBinding(binding: Fields, report: Report): void {
  const spec = fieldsOf(binding, "spec") ?? {};
  checkBinding(spec, "ValidatingAdmissionPolicy", report);
  const path = "spec.validationActions";
  const actions = textsOf(spec, "validationActions");
  const seen = new Set<string>();
  actions.forEach((action, i) => {
    checkOneOf(action, ["Audit", "Deny", "Warn"], `${path}[${i}]`, report);
    if (seen.has(action)) report(`${path}[${i}]`, `${quoted(action)} is there twice`, "remove one");
    seen.add(action);
  });
  if (actions.includes("Deny") && actions.includes("Warn"))
    report(path, "who is denied needs no warning of the same", "leave one of Deny and Warn");
  if (actions.length === 0) missing(report, path, "write validationActions: [Deny]");
}

/** Reports what the API server refuses in a MutatingAdmissionPolicyBinding beyond its metadata. */
export function checkMutatingAdmissionPolicyBinding(binding: Fields, report: Report): void {
  const spec = fieldsOf(binding, "spec") ?? {};
  checkBinding(spec, "MutatingAdmissionPolicy", report);
  checkMutatingOperations(spec, "matchResources", report);
}

function checkBinding(spec: Fields, kind: string, report: Report): void {
  const name = textOf(spec, "policyName");
  if (name === "") missing(report, "spec.policyName", `write the name of a ${kind}`);
  else checkDnsSubdomain(name, "spec.policyName", report);
  const param = fieldsOf(spec, "paramRef");
  if (param) checkParamRef(param, "spec.paramRef", report);
  const matches = fieldsOf(spec, "matchResources");
  if (matches) checkMatchResources(matches, "spec.matchResources", report);
}

function checkParamRef(ref: Fields, path: string, report: Report): void {
  const name = textOf(ref, "name");
  const selector = fieldsOf(ref, "selector");
  if (name !== "") checkPathSegment(name, `${path}.name`, report);
  checkLabelSelector(selector, `${path}.selector`, report);
  if (name !== "" && selector)
    for (const field of ["name", "selector"])
      report(`${path}.${field}`, "name and selector exclude each other", "leave one of them");
  if (name === "" && !selector) missing(report, path, "write name or selector");
  const action = textOf(ref, "parameterNotFoundAction");
  if (action === "") missing(report, `${path}.parameterNotFoundAction`, "write Deny or Allow");
  else checkOneOf(action, ["Allow", "Deny"], `${path}.parameterNotFoundAction`, report);
}

function checkMatchResources(resources: Fields, path: string, report: Report): void {
  const policy = optionalText(resources, "matchPolicy");
  if (policy !== undefined) checkOneOf(policy, ["Equivalent", "Exact"], `${path}.matchPolicy`, report);
  for (const field of ["namespaceSelector", "objectSelector"])
    checkLabelSelector(fieldsOf(resources, field), `${path}.${field}`, report);
  for (const field of ["resourceRules", "excludeResourceRules"]) {
    const rules = listOf(resources, field);
    checkAdmissionRules(rules, `${path}.${field}`, report);
    rules.forEach((rule, i) => {
      const seen = new Set<string>();
      textsOf(rule, "resourceNames").forEach((name, j) => {
        const at = `${path}.${field}[${i}].resourceNames[${j}]`;
        checkPathSegment(name, at, report);
        if (seen.has(name)) report(at, `${quoted(name)} is there twice`, "remove one");
        seen.add(name);
      });
    });
  }
}
