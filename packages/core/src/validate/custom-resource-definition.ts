import { isDnsSubdomain } from "../names.ts";
import { checkConversion } from "./custom-resource-conversion.ts";
import { checkResourceSchemas } from "./custom-resource-schema.ts";
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
import { checkDnsSubdomain, checkVersionLabel } from "./name-forms.ts";
import { effectiveName, utf8Length } from "./object-meta.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
const APPROVAL = "api-approved.kubernetes.io";
const LONGEST_WARNING = 256;

/**
 * Reports what the API server refuses in a CustomResourceDefinition beyond its metadata, but for its selectable fields
 * (apiextensions ValidateCustomResourceDefinition).
 */
export function checkCustomResourceDefinition(definition: Fields, report: Report): void {
  const spec = fieldsOf(definition, "spec") ?? {};
  const names = fieldsOf(spec, "names") ?? {};
  const group = textOf(spec, "group");
  const metadata = fieldsOf(definition, "metadata") ?? {};
  checkName(metadata, `${textOf(names, "plural")}.${group}`, report);
  if (group === "") missing(report, "spec.group", "write a group like example.com");
  else if (!isDnsSubdomain(group)) checkDnsSubdomain(group, "spec.group", report);
  else if (!group.includes("."))
    report("spec.group", `${quoted(group)} has no dot in it`, "write a domain of yours, like example.com");
  checkApproval(metadata, group, report);
  const scope = textOf(spec, "scope");
  if (scope === "") missing(report, "spec.scope", "write Namespaced or Cluster");
  else checkOneOf(scope, ["Cluster", "Namespaced"], "spec.scope", report);
  checkNames(names, report);
  checkVersions(listOf(spec, "versions"), report);
  const preserves = flagOf(spec, "preserveUnknownFields") === true;
  if (preserves)
    report(
      "spec.preserveUnknownFields",
      "it cannot be true any more",
      "write x-kubernetes-preserve-unknown-fields: true in the schema",
    );
  checkConversion(fieldsOf(spec, "conversion"), preserves, report);
}

function checkName(metadata: Fields, required: string, report: Report): void {
  const say = (path: string) =>
    report(
      path,
      "the name of a CustomResourceDefinition is its plural, a dot and its group",
      isDnsSubdomain(required) ? `write ${required}` : "write spec.names.plural, a dot and spec.group",
    );
  const prefix = textOf(metadata, "generateName");
  if (prefix !== "" && prefix !== required) say("metadata.generateName");
  const name = effectiveName(metadata);
  if (name !== "" && name !== required) say("metadata.name");
}

function checkApproval(metadata: Fields, group: string, report: Report): void {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return;
  const approval = textMapOf(metadata, "annotations")?.[APPROVAL] ?? "";
  if (!approval.startsWith("unapproved") && !/^[a-z][a-z0-9+.-]*:\/\/[^/\s]/i.test(approval))
    report(
      `metadata.annotations[${APPROVAL}]`,
      "groups of the Kubernetes community need an annotation that says where the API was approved",
      "write a group of your own",
      { where: "spec.group" },
    );
}

/** The singular and the kind of lists are made from the kind when there are none. */
function checkNames(names: Fields, report: Report): void {
  const kind = textOf(names, "kind");
  const listKind = textOf(names, "listKind") || (kind && `${kind}List`);
  const words = {
    plural: textOf(names, "plural"),
    singular: textOf(names, "singular") || kind.toLowerCase(),
    kind: kind.toLowerCase(),
    listKind: listKind.toLowerCase(),
  };
  for (const [field, word] of Object.entries(words)) {
    const path = `spec.names.${field}`;
    if (word === "") missing(report, path, `write the ${field}`);
    else checkVersionLabel(word, path, report, has(names, field) ? path : "spec.names.kind");
  }
  if (kind !== "" && kind === listKind)
    report("spec.names.listKind", "kind and listKind are the same", `write ${kind}List`);
  for (const field of ["shortNames", "categories"])
    textsOf(names, field).forEach((word, i) => {
      checkVersionLabel(word, `spec.names.${field}[${i}]`, report);
    });
}

function checkVersions(versions: readonly Fields[], report: Report): void {
  const names = versions.map((version) => textOf(version, "name"));
  versions.forEach((version, i) => {
    const path = `spec.versions[${i}]`;
    checkVersionLabel(names[i]!, `${path}.name`, report);
    if (!has(fieldsOf(version, "schema") ?? {}, "openAPIV3Schema"))
      missing(report, `${path}.schema.openAPIV3Schema`, "write the schema of the resource");
    checkWarning(version, `${path}.deprecationWarning`, report);
  });
  // The server keeps the first version's name apart, and looks at it again.
  if (versions.length > 0 && names[0] !== "")
    checkVersionLabel(names[0]!, "spec.version", report, "spec.versions[0].name");
  if (new Set(names).size < names.length)
    report("spec.versions", "two versions have one name", "give each version its own name");
  checkStorage(versions, names, report);
  checkResourceSchemas(versions, report);
  checkShared(versions, saidOfSubresources, checkSubresources, report);
  checkShared(versions, saidOfColumns, checkColumns, report);
}

function checkStorage(versions: readonly Fields[], names: readonly string[], report: Report): void {
  const stored = versions.flatMap((version, i) => (flagOf(version, "storage") ? [i] : []));
  if (stored.length !== 1)
    report(
      "spec.versions",
      `one version is the one that is stored, not ${stored.length}`,
      "write storage: true in one version, and storage: false in the others",
    );
  // Of a version that is there twice only the first counts as stored.
  const kept = stored.length === 0 ? -1 : names.indexOf(names[stored[0]!]!);
  if (stored.length === 0 || stored.some((i) => i !== kept))
    report("status.storedVersions", "no one version is stored", "write storage: true in one version", {
      where: "spec.versions",
    });
}

function checkWarning(version: Fields, path: string, report: Report): void {
  const warning = optionalText(version, "deprecationWarning");
  if (warning === undefined) return;
  if (flagOf(version, "deprecated") !== true)
    report(path, "only a deprecated version has a warning", "write deprecated: true, or remove it");
  else if (
    warning === "" ||
    utf8Length(warning) > LONGEST_WARNING ||
    !/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u.test(warning)
  )
    report(
      path,
      `a warning has 1 to ${LONGEST_WARNING} printable characters`,
      "write one line, or remove it",
    );
}

type Check = (version: Fields, path: string, report: Report) => void;

/** What all versions say alike the server keeps once, beside the versions, and names it there. */
function checkShared(
  versions: readonly Fields[],
  said: (version: Fields) => readonly unknown[],
  check: Check,
  report: Report,
): void {
  const texts = new Set(versions.map((version) => JSON.stringify(said(version))));
  const isShared = texts.size === 1;
  (isShared ? versions.slice(0, 1) : versions).forEach((version, i) => {
    const place = `spec.versions[${i}]`;
    const path = isShared ? "spec" : place;
    const placed: Report = (at, message, hint) =>
      report(at, message, hint, { where: at.replace(path, place).replace("JSONPath", "jsonPath") });
    check(version, path, placed);
  });
}

const SCALE_PATHS = [
  ["specReplicasPath", [".spec."]],
  ["statusReplicasPath", [".status."]],
  ["labelSelectorPath", [".spec.", ".status."]],
] as const;

function saidOfSubresources(version: Fields): readonly unknown[] {
  const subresources = fieldsOf(version, "subresources");
  const scale = subresources && fieldsOf(subresources, "scale");
  const paths = scale && SCALE_PATHS.map(([field]) => optionalText(scale, field) ?? null);
  return subresources === undefined ? [] : [has(subresources, "status"), paths ?? null];
}

function checkSubresources(version: Fields, path: string, report: Report): void {
  const scale = fieldsOf(fieldsOf(version, "subresources") ?? {}, "scale");
  if (scale === undefined) return;
  for (const [field, prefixes] of SCALE_PATHS) {
    const text = textOf(scale, field);
    const at = `${path}.subresources.scale.${field}`;
    if (text === "") {
      if (field !== "labelSelectorPath") missing(report, at, `write a path like ${prefixes[0]}replicas`);
    } else if (!prefixes.some((prefix) => text.startsWith(prefix)))
      report(at, `${quoted(text)} is no path in ${prefixes.join(" or ")}`, `begin it with ${prefixes[0]}`);
  }
}

function saidOfColumns(version: Fields): readonly unknown[] {
  return listOf(version, "additionalPrinterColumns").map((column) => [
    ...["name", "type", "format", "description", "jsonPath"].map((field) => textOf(column, field)),
    numberOf(column, "priority") ?? 0,
  ]);
}

function checkColumns(version: Fields, path: string, report: Report): void {
  listOf(version, "additionalPrinterColumns").forEach((column, i) => {
    const at = `${path}.additionalPrinterColumns[${i}]`;
    if (textOf(column, "name") === "") missing(report, `${at}.name`, "write the column's heading");
    const type = textOf(column, "type");
    if (type === "") missing(report, `${at}.type`, `write one of ${COLUMN_TYPES.join(", ")}`);
    else checkOneOf(type, COLUMN_TYPES, `${at}.type`, report);
    const format = textOf(column, "format");
    if (format !== "") checkOneOf(format, COLUMN_FORMATS, `${at}.format`, report);
    const file = textOf(column, "jsonPath");
    if (file === "") missing(report, `${at}.JSONPath`, "write a path like .spec.replicas");
    else if (!file.startsWith("."))
      report(
        `${at}.JSONPath`,
        `${quoted(file)} does not begin with a dot`,
        "write a path like .spec.replicas",
      );
  });
}
