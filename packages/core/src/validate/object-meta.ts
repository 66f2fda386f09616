import { isLabelKey } from "../labels.ts";
import { isDnsLabel, isDnsSubdomain } from "../names.ts";
import { type Fields, flagOf, listOf, textMapOf, textOf, textsOf } from "./fields.ts";
import { checkCanonicalIp, isCanonicalIp } from "./ip-address.ts";
import { checkLabels } from "./label-selector.ts";
import { checkDnsLabel, checkDnsSubdomain, checkPathSegment, checkQualifiedName } from "./name-forms.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

/** The form that the names of a kind have: an RFC 1123 label or subdomain, anything that fits into a URL path, an IP address, anything at all. */
export type NameForm = "label" | "subdomain" | "segment" | "ip" | "any";

const MAX_ANNOTATION_BYTES = 256 * 1024;
const MAX_GENERATED_PREFIX = 58;
const CHECK_NAME = {
  label: checkDnsLabel,
  subdomain: checkDnsSubdomain,
  segment: checkPathSegment,
  ip: checkCanonicalIp,
  any: () => undefined,
};

/**
 * Reports what the API server refuses on create in the metadata of any kind (apimachinery ValidateObjectMeta). No namespace
 * is fine: the object goes where the client sends it. Fields that the server sets itself (uid, timestamps) are never wrong.
 *
 * @param standardFinalizers whether a finalizer without a domain must be one of Kubernetes' own; not so for custom resources
 */
export function checkObjectMeta(
  metadata: Fields,
  form: NameForm,
  report: Report,
  standardFinalizers = true,
): void {
  checkName(metadata, form, report);
  const namespace = textOf(metadata, "namespace");
  if (namespace !== "") checkDnsLabel(namespace, "metadata.namespace", report);
  checkLabels(textMapOf(metadata, "labels"), "metadata.labels", report);
  checkAnnotations(textMapOf(metadata, "annotations"), "metadata.annotations", report);
  checkOwnerReferences(listOf(metadata, "ownerReferences"), report);
  checkFinalizers(textsOf(metadata, "finalizers"), standardFinalizers, report);
}

function checkName(metadata: Fields, form: NameForm, report: Report): void {
  const prefix = textOf(metadata, "generateName");
  if (prefix !== "" && !isPrefix(prefix, form))
    report(
      "metadata.generateName",
      `${quoted(prefix)} cannot begin a name`,
      "write a prefix in lower case, like policy-",
    );
  const effective = effectiveName(metadata);
  if (effective === "") missing(report, "metadata.name", "write the object's name");
  else CHECK_NAME[form](effective, "metadata.name", report);
}

/** The name, or one like the server makes of `generateName`: five random characters after at most 58 of the prefix. */
export function effectiveName(metadata: Fields): string {
  const prefix = textOf(metadata, "generateName");
  return textOf(metadata, "name") || (prefix && `${prefix.slice(0, MAX_GENERATED_PREFIX)}xxxxx`);
}

/** A dash at the end of a prefix is fine. The server checks the prefix less its last two characters, with an `a` instead. */
function isPrefix(prefix: string, form: NameForm): boolean {
  if (form === "any") return true;
  if (form === "segment") return !/[/%]/.test(prefix);
  if (form === "ip") return isCanonicalIp(prefix);
  const masked = prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
  return form === "label" ? isDnsLabel(masked) : isDnsSubdomain(masked);
}

/** Reports annotations whose keys have the wrong form, and too many bytes in all. */
export function checkAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
  report: Report,
  place = path,
): void {
  let bytes = 0;
  for (const key in annotations) {
    bytes += utf8Length(key) + utf8Length(annotations[key]!);
    // As Go lowers: `İ` becomes one letter there, two in JavaScript.
    if (!isLabelKey(key) && !isLabelKey(key.replaceAll("İ", "i").toLowerCase()))
      checkQualifiedName(key, path, report, `${place}[${key}]`);
  }
  if (bytes > MAX_ANNOTATION_BYTES)
    report(
      path,
      `annotations hold at most ${MAX_ANNOTATION_BYTES} bytes in all, not ${bytes}`,
      "move the large value into a ConfigMap",
      { where: place },
    );
}

/** Reports what the API server refuses in the metadata of what is made from a template: it has labels and annotations alone. */
export function checkTemplateMetadata(metadata: Fields, path: string, report: Report): void {
  checkAnnotations(textMapOf(metadata, "annotations"), `${path}.annotations`, report);
  checkLabels(textMapOf(metadata, "labels"), `${path}.labels`, report);
  for (const field of Object.keys(metadata)) {
    const value = metadata[field];
    if (["labels", "annotations"].includes(field) || value == null || value === "" || value === 0) continue;
    // As the server spells it.
    const named = field === "uid" ? "uID" : field;
    report(`${path}.${named}`, "what a template makes gets labels and annotations only", `remove ${field}`, {
      where: `${path}.${field}`,
    });
  }
}

/** The bytes of a text in UTF-8. Half of a surrogate pair is read as U+FFFD, which has three bytes too. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

function checkOwnerReferences(references: readonly Fields[], report: Report): void {
  const path = "metadata.ownerReferences";
  const seen = new Set<string>();
  let controller: string | undefined;
  references.forEach((reference, i) => {
    const [apiVersion, kind, name, uid] = ["apiVersion", "kind", "name", "uid"].map((f) =>
      textOf(reference, f),
    ) as [string, string, string, string];
    const controls = flagOf(reference, "controller");
    // The server drops an entry that equals an earlier one before it looks.
    const entry = JSON.stringify([
      apiVersion,
      kind,
      name,
      uid,
      controls,
      flagOf(reference, "blockOwnerDeletion"),
    ]);
    if (seen.has(entry)) return;
    seen.add(entry);
    const where = `${path}[${i}]`;
    const versions = apiVersion.split("/", 3);
    if (versions.length > 2 || versions.at(-1) === "")
      missing(report, `${path}.apiVersion`, "write the owner's apiVersion, like apps/v1", where);
    if (kind === "") missing(report, `${path}.kind`, "write the owner's kind, like Deployment", where);
    if (name === "") missing(report, `${path}.name`, "write the owner's metadata.name", where);
    if (uid === "")
      missing(report, `${path}.uid`, "write the owner's metadata.uid, or remove the reference", where);
    if (apiVersion === "v1" && kind === "Event")
      report(path, `owner ${i} is an Event, which cannot own objects`, "remove the reference", { where });
    if (!controls) return;
    if (controller !== undefined)
      report(
        path,
        `only one owner can be the controller: ${controller} is one already, and ${kind}/${name} another`,
        "leave controller: true on one of them",
        { where },
      );
    controller ??= `${kind}/${name}`;
  });
}

/** Finalizers of Kubernetes itself: the only ones without a domain. */
export const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

function checkFinalizers(finalizers: readonly string[], standard: boolean, report: Report): void {
  const path = "metadata.finalizers";
  finalizers.forEach((finalizer, i) => {
    checkQualifiedName(finalizer, path, report, `${path}[${i}]`);
    if (standard && !finalizer.includes("/"))
      checkOneOf(finalizer, STANDARD_FINALIZERS, `${path}[${i}]`, report);
  });
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    report(path, "the finalizers orphan and foregroundDeletion exclude each other", "remove one of them");
}
