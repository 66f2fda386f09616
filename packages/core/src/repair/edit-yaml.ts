import type * as Yaml from "yaml";
import type { PathSegment } from "../field-path.ts";
import type { PatchOperation } from "../finding.ts";
import { REPEATED_PER_FILE } from "../read-yaml/alias-budget.ts";
import { compose } from "../read-yaml/compose.ts";
import { type ReadDocument, readDocument, readDocuments } from "../read-yaml/documents.ts";
import { objectsOf } from "../read-yaml/objects.ts";
import { ReadError } from "../read-yaml/problem.ts";
import { readYaml } from "../read-yaml/read-yaml.ts";
import type { Resource } from "../resource.ts";
import { writeYamlValue } from "../write-yaml/write-yaml.ts";
import { applyJsonPatch } from "./apply-json-patch.ts";
import { editNode } from "./block-text.ts";
import { formatPointer } from "./json-pointer.ts";
import { sameJson } from "./same-json.ts";
import { EditRefusal, newlineOf, type Source, type Splice, sourceOf, spliced } from "./source-text.ts";

/** What has to change in one object of a file. */
export interface ObjectEdit {
  /** Which one: its place among the `resources` that `readYaml` gives for the same text. */
  readonly resource: number;
  readonly patch: readonly PatchOperation[];
}

export interface EditedYaml {
  /** The text with all edits but the refused ones; the text as it was when there is none. */
  readonly text: string;
  readonly refused: readonly RefusedEdit[];
}

export interface RefusedEdit {
  readonly resource: number;
  /** Why the text cannot be changed, and what to do; one sentence without a full stop. */
  readonly reason: string;
}

/** Longer documents are not edited: the parser that keeps every space takes a second per megabyte. */
const LONGEST_DOCUMENT = 8 * 1024 * 1024;

/**
 * A file of YAML or JSON with JSON patches applied to its objects. Comments, layout, quotes and the order of keys stay as
 * they are wherever nothing changes. What comes out was read again: `readYaml` gives exactly the patched objects and, for all
 * others, what it gave before; an edit for which that cannot be had is refused, and so is one that touches anchors, aliases,
 * tags or merge keys. The package `yaml` is loaded by the first call.
 *
 * @param edits at most one per object
 * @example
 * await editYaml("kind: CronJob # nightly\n…", [{ resource: 0, patch: [{ op: "replace", path: "/apiVersion", value: "batch/v1" }] }]);
 */
export async function editYaml(text: string, edits: readonly ObjectEdit[]): Promise<EditedYaml> {
  if (edits.length === 0) return { text, refused: [] };
  const yaml = await import("yaml");
  const { resources } = readYaml(text, { file: "" });
  const expected: unknown[] = [...resources];
  const refused: RefusedEdit[] = [];
  const byResource = new Map(edits.map((edit) => [edit.resource, edit]));
  const documents = objectsInText(text, resources);
  const pieces: string[] = [];
  let at = 0;
  const done = new Set<number>();
  for (const document of documents ?? []) {
    const own = document.objects.flatMap((object) => {
      const edit = byResource.get(object.index);
      return edit ? [{ object, patch: edit.patch }] : [];
    });
    if (own.length === 0) continue;
    for (const { object } of own) done.add(object.index);
    const edited = editDocument(openDocument(yaml, text, document), own);
    refused.push(...edited.refused);
    for (const [index, value] of edited.values) expected[index] = value;
    pieces.push(text.slice(at, document.start), edited.text);
    at = document.end;
  }
  for (const { resource } of edits)
    if (!done.has(resource))
      refused.push({ resource, reason: "the object cannot be found in the text again" });
  const result = [...pieces, text.slice(at)].join("");
  const again = readYaml(result, { file: "" }).resources;
  if (
    again.length === expected.length &&
    again.every((resource, index) => sameJson(resource, expected[index]))
  )
    return { text: result, refused };
  const reason = "the changed text would not be read as it should: change it by hand";
  return { text, refused: edits.map(({ resource }) => ({ resource, reason })) };
}

/** A document and the objects that it holds. */
interface DocumentObjects {
  readonly start: number;
  readonly end: number;
  readonly format: "yaml" | "json";
  readonly value: unknown;
  readonly objects: readonly ObjectInText[];
}

interface ObjectInText {
  readonly index: number;
  readonly resource: Resource;
  readonly path: readonly PathSegment[];
}

/** Where each resource stands; `undefined` when that does not add up. */
function objectsInText(text: string, resources: readonly Resource[]): DocumentObjects[] | undefined {
  const documents: DocumentObjects[] = [];
  let next = 0;
  let allowance = REPEATED_PER_FILE;
  for (const document of readDocuments(text)) {
    const { value, repeated } = composedValue(document, allowance);
    allowance -= repeated;
    if (value === undefined) continue;
    const found = objectsOf(value).objects;
    // A document with an error gives no resources.
    if (!found.every(({ resource }, index) => sameJson(resource, resources[next + index]))) continue;
    const objects = found.map((object, index) => ({ ...object, index: next + index }));
    documents.push({ ...document.source, value, objects });
    next += found.length;
  }
  return next === resources.length ? documents : undefined;
}

/** The value of a document without errors; `undefined` for others. `repeated` counts what came from aliases. */
function composedValue(
  { root, source }: ReadDocument,
  allowance: number,
): { value?: unknown; repeated: number } {
  if (root === undefined) return { repeated: 0 };
  try {
    const { value, problems, repeated } = compose(root, source.format, allowance);
    return problems.some(({ severity }) => severity === "error") ? { repeated } : { value, repeated };
  } catch (error) {
    if (error instanceof ReadError) return { repeated: 0 };
    throw error;
  }
}

/** A document that can be edited, or the reason why not. */
interface OpenDocument {
  readonly document: DocumentObjects;
  readonly text: string;
  readonly opened:
    | { readonly source: Source; readonly root: Yaml.ParsedNode | null }
    | { readonly reason: string };
}

function openDocument(yaml: typeof Yaml, fileText: string, document: DocumentObjects): OpenDocument {
  const text = fileText.slice(document.start, document.end);
  if (text.length > LONGEST_DOCUMENT)
    return { document, text, opened: { reason: "the document is longer than 8 MB: cut it into several" } };
  const source = sourceOf(yaml, text, document.format);
  const tree = yaml.parseDocument(text, {
    version: "1.1",
    keepSourceTokens: true,
    uniqueKeys: false,
    logLevel: "silent",
  });
  if (tree.errors.length === 0)
    return { document, text, opened: { source, root: tree.contents as Yaml.ParsedNode | null } };
  const reason = "the text is read otherwise by YAML 1.2 readers: change it by hand";
  return { document, text, opened: { reason } };
}

interface PlacedEdit {
  readonly object: ObjectInText;
  readonly patch: readonly PatchOperation[];
}

interface EditedDocument {
  readonly text: string;
  readonly refused: readonly RefusedEdit[];
  /** The objects that changed. */
  readonly values: ReadonlyMap<number, unknown>;
  /** What changed in the text, as offsets in the document. */
  readonly splices: readonly Splice[];
}

function editDocument(
  { document, text, opened }: OpenDocument,
  edits: readonly PlacedEdit[],
): EditedDocument {
  const refuseAll = (reason: string): EditedDocument => ({
    text,
    refused: edits.map(({ object }) => ({ resource: object.index, reason })),
    values: new Map(),
    splices: [],
  });
  if ("reason" in opened) return refuseAll(opened.reason);
  const { source, root } = opened;
  source.splices.length = 0;
  const refused: RefusedEdit[] = [];
  const values = new Map<number, unknown>();
  let expected = document.value;
  for (const { object, patch } of edits) {
    const collected = source.splices.length;
    try {
      const after = editObject(source, root, document.value, object, patch);
      values.set(object.index, after);
      expected = put(expected, object.path, after);
    } catch (error) {
      if (!(error instanceof EditRefusal)) throw error;
      source.splices.length = collected;
      refused.push({ resource: object.index, reason: error.message });
    }
  }
  try {
    const edited = spliced(source);
    const read = readDocument(edited, { format: document.format, start: 0, end: edited.length });
    if (sameJson(composedValue(read, REPEATED_PER_FILE).value, expected))
      return { text: edited, refused, values, splices: [...source.splices] };
  } catch (error) {
    if (!(error instanceof EditRefusal)) throw error;
  }
  return refuseAll("the change does not fit the way in which the text is written: change it by hand");
}

/** Finds what one edit, alone, changes in a text: offsets in it; `undefined` when the edit is refused. */
export type SplicesOf = (edit: ObjectEdit) => readonly Splice[] | undefined;

/**
 * A text opened for edits that are looked at one by one, each as if it were the only one.
 *
 * @param mostWork how many characters of documents are read in all; edits beyond it are refused
 */
export async function openText(text: string, mostWork: number): Promise<SplicesOf> {
  const yaml = await import("yaml");
  const documents = objectsInText(text, readYaml(text, { file: "" }).resources) ?? [];
  const byResource = new Map(
    documents.flatMap((document) => document.objects.map((object) => [object.index, { object, document }])),
  );
  const open = new Map<DocumentObjects, OpenDocument>();
  let work = 0;
  return ({ resource, patch }) => {
    const found = byResource.get(resource);
    if (found === undefined) return undefined;
    const { object, document } = found;
    const known = open.get(document);
    // Parsing with every space kept takes far longer than reading.
    work += (document.end - document.start) * (known ? 1 : PARSING);
    if (work > mostWork) return undefined;
    const opened = known ?? openDocument(yaml, text, document);
    open.set(document, opened);
    const { refused, splices } = editDocument(opened, [{ object, patch }]);
    if (refused.length > 0) return undefined;
    const newline = newlineOf(opened.text);
    return splices.map((splice) => ({
      start: document.start + splice.start,
      end: document.start + splice.end,
      text: splice.text.replace(/\n/g, newline),
    }));
  };
}

const PARSING = 20;

/** Collects the edits of one object, and gives its new value. */
function editObject(
  source: Source,
  root: Yaml.ParsedNode | null,
  value: unknown,
  { resource, path }: ObjectInText,
  patch: readonly PatchOperation[],
): unknown {
  let node: Yaml.ParsedNode | null = root;
  let written = value;
  for (const segment of path) {
    if (!source.yaml.isCollection(node))
      throw new EditRefusal("an alias stands on the way to the object: write it out first");
    node = (node.get(segment, true) as Yaml.ParsedNode | undefined) ?? null;
    written = (written as Readonly<Record<PathSegment, unknown>>)[segment];
  }
  const patched = applyJsonPatch(resource, patch);
  if (!patched.ok) throw new EditRefusal(patched.findings[0]?.message ?? "the patch does not apply");
  requireWritable(patched.value);
  if (!editNode(source, node, written, patched.value))
    throw new EditRefusal("nothing of the object would stay: write it anew");
  return patched.value;
}

function requireWritable(value: unknown): void {
  try {
    writeYamlValue(value);
  } catch (error) {
    if (error instanceof TypeError)
      throw new EditRefusal(`the new value cannot be written: ${error.message}`);
    throw error;
  }
}

function put(value: unknown, path: readonly PathSegment[], part: unknown): unknown {
  const result = applyJsonPatch(value, [{ op: "replace", path: formatPointer(path), value: part }]);
  return result.ok ? result.value : value;
}
