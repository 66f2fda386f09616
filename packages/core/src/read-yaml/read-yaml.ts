import { formatPath, type PathSegment, parsePath } from "../field-path.ts";
import type { Finding } from "../finding.ts";
import { type Locate, type Place, type Resource, refOf } from "../resource.ts";
import { REPEATED_PER_FILE } from "./alias-budget.ts";
import { compose } from "./compose.ts";
import { decodeUtf8 } from "./decode-utf8.ts";
import { type DocumentSource, type ReadDocument, readDocument, readDocuments } from "./documents.ts";
import { lineIndex } from "./line-index.ts";
import { offsetOf } from "./locate-node.ts";
import type { Node } from "./node.ts";
import { type FoundObject, objectsOf } from "./objects.ts";
import { type Problem, ReadError } from "./problem.ts";
import { templateProblem, templatesInNames } from "./templates.ts";

/** What a file holds. A document with a finding of severity `error` gives no resource; the others do. */
export interface ReadYaml {
  readonly resources: Resource[];
  readonly findings: Finding[];
  /** Where the fields of these resources were written; `undefined` for objects of other files. */
  readonly locate: Locate;
  /** Documents that are no Kubernetes objects, and that the caller asked for. */
  readonly others: OtherDocument[];
}

/** A document that is no Kubernetes object: a realm of Keycloak, a kubeconfig. */
export interface OtherDocument {
  /** Plain JSON. */
  readonly value: unknown;
  /** Where a field of it was written: `locate("clients[0].redirectUris[1]")`. */
  readonly locate: (path: string) => Place;
}

export interface ReadYamlOptions {
  /** How the file is called in places: a path, or `-` for standard input. */
  readonly file: string;
  /** Tells the documents that are no Kubernetes objects and are wanted all the same. Default: none. */
  readonly isOther?: (value: unknown) => boolean;
}

/** A file while it is read. */
interface File {
  readonly text: string;
  readonly placeAt: (offset: number) => Place;
}

/** Which part of which document an object came from. */
interface Origin {
  readonly source: DocumentSource;
  readonly object: FoundObject;
}

/**
 * The Kubernetes objects of a file of YAML or JSON, every value exactly as kubectl reads it: documents are cut as
 * apimachinery's YAMLOrJSONDecoder cuts them and scalars are what sigs.k8s.io/yaml (YAML 1.1, Go's yaml.v2) makes of
 * them. Lists (`kubectl get -o yaml`) give their items. Objects are plain JSON without shared parts.
 *
 * Never throws: what cannot be read, or is likely not meant, is a finding with its place. Time and memory are bounded by
 * the size of the text. An empty text gives nothing.
 *
 * @param text the content; bytes are taken as UTF-8
 * @example
 * const { resources, findings, locate } = readYaml(text, { file: "policies.yaml" });
 * locate(resources[0], "spec.ingress[0].from[1]"); // { file: "policies.yaml", line: 12, column: 9 }
 */
export function readYaml(text: string | Uint8Array, options: ReadYamlOptions): ReadYaml {
  const decoded = typeof text === "string" ? text : decodeUtf8(text);
  const file: File = { text: decoded, placeAt: lineIndex(decoded, options.file) };
  const resources: Resource[] = [];
  const findings: Finding[] = [];
  const others: OtherDocument[] = [];
  const origins = new WeakMap<object, Origin>();
  let allowance = REPEATED_PER_FILE;
  for (const document of readDocuments(decoded)) {
    const read = readObjects(file, document, allowance, options.isOther);
    allowance -= read.repeated;
    for (const finding of findingsOf(file, read)) findings.push(finding);
    if (read.problems.some(({ severity }) => severity === "error")) continue;
    if (read.other !== undefined) others.push(otherDocument(file, document.source, read.other));
    for (const object of read.objects) {
      resources.push(object.resource);
      origins.set(object.resource, { source: document.source, object });
    }
  }
  return { resources, findings, locate: locator(file, origins), others };
}

interface ReadObjects {
  readonly objects: readonly FoundObject[];
  readonly problems: readonly Problem[];
  readonly repeated: number;
  /** The document's value, when the caller asked for it. */
  readonly other?: unknown;
}

/** Of one kind of mistake that each item of a list may make, this many are told. */
const MISFITS = 100;

function readObjects(
  file: File,
  { source, root, error, ignoredAt }: ReadDocument,
  allowance: number,
  isOther: ReadYamlOptions["isOther"],
): ReadObjects {
  const failed = (problem: Problem) => {
    const text = file.text.slice(source.start, source.end);
    return { objects: [], problems: [templateProblem(problem, text, source.start) ?? problem], repeated: 0 };
  };
  if (error) return failed(error.problem);
  if (root === undefined) return { objects: [], problems: [], repeated: 0 };
  try {
    const { value, problems, repeated } = compose(root, source.format, allowance);
    const all = [...problems];
    if (ignoredAt !== undefined) all.push(ignoredText(ignoredAt));
    if (value === null) return { objects: [], problems: all, repeated };
    if (isOther?.(value)) return { objects: [], problems: all, repeated, other: value };
    const { objects, misfits } = objectsOf(value);
    for (const misfit of [...misfits, ...objects.flatMap(templatesInNames)].slice(0, MISFITS))
      all.push({
        code: "core/valid-object",
        ...misfit,
        severity: "error",
        offset: offsetOf(root, misfit.path),
      });
    return { objects, problems: all, repeated };
  } catch (thrown) {
    if (thrown instanceof ReadError) return failed(thrown.problem);
    throw thrown;
  }
}

function ignoredText(offset: number): Problem {
  return {
    code: "core/no-ignored-text",
    severity: "warning",
    offset,
    path: [],
    message:
      "expected the end of the document, got more text: kubectl reads nothing from here to the next ---",
    hint: "put a line with --- before it, or remove it",
  };
}

/** Findings of a document: paths count from the object that they are in, when that can be named. */
function findingsOf(file: File, { objects, problems }: ReadObjects): Finding[] {
  if (problems.length === 0) return [];
  const byPath = new Map(objects.map((object) => [formatPath(object.path), object]));
  return problems.map(({ code, severity, message, hint, related, path, offset }) => {
    const object = objectAround(byPath, path);
    return {
      code,
      severity,
      message,
      hint,
      path: formatPath(path.slice(object?.path.length ?? 0)),
      ...(object && { subject: refOf(object.resource) }),
      at: file.placeAt(offset),
      ...(related && { related: [{ message: related.message, at: file.placeAt(related.offset) }] }),
    };
  });
}

/** The object that a path of its document leads into: the document's own or an item of a list. */
function objectAround(
  byPath: ReadonlyMap<string, FoundObject>,
  path: readonly PathSegment[],
): FoundObject | undefined {
  for (let length = 0; length <= path.length; length += 2) {
    const object = byPath.get(formatPath(path.slice(0, length)));
    if (object) return object;
    if (path[length] !== "items") return undefined;
  }
  return undefined;
}

function otherDocument(file: File, source: DocumentSource, value: unknown): OtherDocument {
  const locate = (path: string) => {
    const { root } = readDocument(file.text, source);
    return file.placeAt(root === undefined ? source.start : offsetOf(root, parsePath(path)));
  };
  return { value, locate };
}

/** Trees are not kept: a document is parsed again when the first place in it is asked for, and the last tree is remembered. */
function locator(file: File, origins: WeakMap<object, Origin>): Locate {
  let last: { source: DocumentSource; root: Node | undefined } | undefined;
  return (resource, path) => {
    const origin = origins.get(resource);
    if (origin === undefined) return undefined;
    if (last?.source !== origin.source)
      last = { source: origin.source, root: readDocument(file.text, origin.source).root };
    if (last.root === undefined) return undefined;
    return file.placeAt(offsetOf(last.root, [...origin.object.path, ...parsePath(path)]));
  };
}

/** One `locate` for the objects of several files: the first that knows the object answers. */
export function mergeLocates(...locates: readonly Locate[]): Locate {
  return (resource, path) => {
    for (const locate of locates) {
      const place = locate(resource, path);
      if (place) return place;
    }
    return undefined;
  };
}
