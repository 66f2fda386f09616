import { isDnsLabel, isDnsSubdomain, isLabelKey } from "@ashlar/core";
import { labelKeyProblem, labelsProblems } from "./label-selector.ts";
import { type Problem, quoted } from "./problem.ts";

/** `metadata` after decoding: right types, no nulls, nothing else promised. */
export interface DecodedMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

interface OwnerReference {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

const NAME = "at most 253 of a-z, 0-9, '-' and '.', with a letter or digit at both ends and beside each dot";
const MAX_ANNOTATION_BYTES = 256 * 1024;
const MAX_GENERATED_PREFIX = 58;

/**
 * What the API server refuses on create in the metadata of a namespaced object whose name is a DNS subdomain. An object
 * without a namespace is fine: it goes where the client sends it. Fields that the server overwrites on create (uid,
 * managedFields, timestamps) are never wrong.
 */
export function objectMetaProblems(metadata: DecodedMeta): Problem[] {
  return [
    ...nameProblems(metadata),
    ...namespaceProblems(metadata.namespace ?? ""),
    ...labelsProblems(metadata.labels ?? {}, "metadata.labels"),
    ...annotationProblems(metadata.annotations ?? {}),
    ...ownerReferenceProblems(metadata.ownerReferences ?? []),
    ...finalizerProblems(metadata.finalizers ?? []),
  ];
}

function nameProblems({ name = "", generateName = "" }: DecodedMeta): Problem[] {
  const problems: Problem[] = [];
  if (generateName !== "" && !isDnsSubdomain(withoutTrailingDash(generateName)))
    problems.push({
      path: "metadata.generateName",
      message: `${quoted(generateName)} cannot begin a name: expected ${NAME}`,
      hint: "write a prefix in lower case, like policy-",
    });
  // The server appends five random characters to at most 58 of the prefix.
  const effective = name || (generateName && `${generateName.slice(0, MAX_GENERATED_PREFIX)}xxxxx`);
  if (effective === "")
    problems.push({
      path: "metadata.name",
      message: "the object has no name",
      hint: "write metadata.name",
    });
  else if (!isDnsSubdomain(effective))
    problems.push({
      path: "metadata.name",
      message: `${quoted(effective)} is not a name: expected ${NAME}`,
      hint: isDnsSubdomain(effective.toLowerCase().replaceAll("_", "-"))
        ? `write ${effective.toLowerCase().replaceAll("_", "-")}`
        : "write a name like namespace-ingress",
    });
  return problems;
}

/** A dash at the end of a prefix is fine. The server checks the prefix less its last two characters, with an `a` instead. */
function withoutTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith("-") ? `${prefix.slice(0, -2)}a` : prefix;
}

function namespaceProblems(namespace: string): Problem[] {
  if (namespace === "" || isDnsLabel(namespace)) return [];
  return [
    {
      path: "metadata.namespace",
      message: `${quoted(namespace)} is not a namespace: expected at most 63 of a-z, 0-9 and '-', with a letter or digit at both ends`,
      hint: "write the name of a namespace: lower case, no dots",
    },
  ];
}

function annotationProblems(annotations: Readonly<Record<string, string>>): Problem[] {
  const path = "metadata.annotations";
  const problems: Problem[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    bytes += utf8Length(key) + utf8Length(value);
    if (!isLabelKey(lowerCase(key)))
      problems.push({ ...labelKeyProblem(key, path), where: `${path}[${key}]` });
  }
  if (bytes > MAX_ANNOTATION_BYTES)
    problems.push({
      path,
      message: `annotations hold at most ${MAX_ANNOTATION_BYTES} bytes in all, not ${bytes}`,
      hint: "move the large value into a ConfigMap",
    });
  return problems;
}

/** As Go lowers: `İ` becomes one letter there, two in JavaScript. */
function lowerCase(text: string): string {
  return text.replaceAll("İ", "i").toLowerCase();
}

/** The server reads half of a surrogate pair as U+FFFD, which has three bytes too. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function ownerReferenceProblems(references: readonly OwnerReference[]): Problem[] {
  const path = "metadata.ownerReferences";
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let controller: string | undefined;
  references.forEach((reference, i) => {
    const {
      apiVersion = "",
      kind = "",
      name = "",
      uid = "",
      controller: controls,
      blockOwnerDeletion,
    } = reference;
    // The server drops an entry that equals an earlier one before it looks.
    const entry = JSON.stringify([apiVersion, kind, name, uid, controls, blockOwnerDeletion]);
    if (seen.has(entry)) return;
    seen.add(entry);
    const where = `${path}[${i}]`;
    const missing = (field: string, hint: string) =>
      problems.push({
        path: `${path}.${field}`,
        where: `${where}.${field}`,
        message: `owner ${i} needs ${field}`,
        hint,
      });
    if (!hasVersion(apiVersion)) missing("apiVersion", "write the owner's apiVersion, like apps/v1");
    if (kind === "") missing("kind", "write the owner's kind, like Deployment");
    if (name === "") missing("name", "write the owner's metadata.name");
    if (uid === "") missing("uid", "write the owner's metadata.uid, or remove the reference");
    if (apiVersion === "v1" && kind === "Event")
      problems.push({
        path,
        where,
        message: `owner ${i} is an Event, which cannot own objects`,
        hint: "remove the reference",
      });
    if (!controls) return;
    if (controller !== undefined)
      problems.push({
        path,
        where,
        message: `only one owner can be the controller: ${controller} is one already, and ${kind}/${name} another`,
        hint: "leave controller: true on one of them",
      });
    controller ??= `${kind}/${name}`;
  });
  return problems;
}

/** Whether an apiVersion is `version` or `group/version` with a version in it. */
function hasVersion(apiVersion: string): boolean {
  const parts = apiVersion.split("/", 3);
  return parts.length <= 2 && parts.at(-1) !== "";
}

const STANDARD_FINALIZERS = ["kubernetes", "orphan", "foregroundDeletion"];

function finalizerProblems(finalizers: readonly string[]): Problem[] {
  const path = "metadata.finalizers";
  const problems: Problem[] = [];
  finalizers.forEach((finalizer, i) => {
    const where = `${path}[${i}]`;
    if (!isLabelKey(finalizer))
      problems.push({
        path,
        where,
        message: `${quoted(finalizer)} is not a finalizer: expected a name like example.com/cleanup`,
        hint: "write a DNS name, a slash and a word",
      });
    if (!finalizer.includes("/") && !STANDARD_FINALIZERS.includes(finalizer))
      problems.push({
        path: where,
        message: `${quoted(finalizer)} is neither ${STANDARD_FINALIZERS.join(", ")} nor a name with a domain`,
        hint: `write it with the domain of the controller that removes it: example.com/${finalizer}`,
      });
  });
  if (finalizers.includes("orphan") && finalizers.includes("foregroundDeletion"))
    problems.push({
      path,
      message: "the finalizers orphan and foregroundDeletion exclude each other",
      hint: "remove one of them",
    });
  return problems;
}
