import { isDeepStrictEqual } from "node:util";
import { formatPath, type PathSegment, parsePath, type Resource, refOf } from "@ashlar/core";

/** One planted mistake: a single edit of the right set, and where a checker has to see it. */
export interface Mistake {
  readonly id: string;
  /** What sort of mistake it is; the table of docs/benchmarks.md counts by it. */
  readonly kind: string;
  /** The mistake in one sentence. */
  readonly what: string;
  readonly edit: ObjectEdit | TextEdit;
  /** Places that a finding may name; one is enough. An edit of text that no reader takes is found by its line instead. */
  readonly expected: readonly Expected[];
  /** The code that the finding has to have, where only one rule can know. */
  readonly code?: string;
}

export interface Expected {
  /** `NAMESPACE/KIND/NAME`, or `KIND/NAME` of a cluster-scoped object. */
  readonly subject: string;
  readonly path: string;
}

/** Changes objects in place. */
export interface ObjectEdit {
  readonly change: (objects: Resource[]) => void;
}

/** Replaces text that stands once in a file of the right set. */
export interface TextEdit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

interface Op {
  readonly edit: ObjectEdit | TextEdit;
  readonly expected: readonly Expected[];
}

/** Makes the mistakes of one kind; `code` where one rule has to find them all, whatever others say too. */
export function mistakes(
  kind: string,
  list: readonly (readonly [id: string, what: string, op: Op])[],
  code?: string,
): readonly Mistake[] {
  return list.map(([id, what, op]) => ({ id, kind, what, ...op, ...(code !== undefined && { code }) }));
}

/** Writes a value at a path: a field, or an element of a list. */
export function set(subject: string, path: string, value: unknown): Op {
  return change(subject, path, (parent, key) => {
    if (isDeepStrictEqual(parent[key], value)) throw new Error(`${subject} has that at ${path} already`);
    parent[key] = structuredClone(value);
  });
}

/** Removes a field, or an element of a list. */
export function remove(subject: string, path: string): Op {
  return change(subject, path, (parent, key) => {
    if (parent[key] === undefined) throw new Error(`${subject} has nothing at ${path}`);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
}

/** Gives a field another name; the finding is expected at the new one. */
export function rename(subject: string, path: string, name: string): Op {
  const to = formatPath([...parsePath(path).slice(0, -1), name]);
  const { edit } = change(subject, path, (parent, key) => {
    if (parent[key] === undefined) throw new Error(`${subject} has nothing at ${path}`);
    parent[name] = parent[key];
    delete parent[key];
  });
  return { edit, expected: [{ subject, path: to }] };
}

/** Adds an element to a list. */
export function append(subject: string, path: string, value: unknown): Op {
  const { edit } = change(subject, path, (parent, key) => {
    (parent[key] as unknown[]).push(structuredClone(value));
  });
  return { edit, expected: [{ subject, path }] };
}

/** Leaves an object out. */
export function leaveOut(subject: string): Op {
  const edit = {
    change: (objects: Resource[]) => {
      objects.splice(objects.indexOf(objectOf(objects, subject)), 1);
    },
  };
  return { edit, expected: [] };
}

/** Adds a copy of an object, changed. */
export function copy(subject: string, differs: (object: Fields) => void): Op {
  const edit = {
    change: (objects: Resource[]) => {
      const made = structuredClone(objectOf(objects, subject));
      differs(made as unknown as Fields);
      objects.push(made);
    },
  };
  return { edit, expected: [{ subject, path: "metadata.name" }] };
}

/** Replaces a text in a file; the finding is expected in the line where the files begin to differ. */
export function text(file: string, find: string, replace: string): Op {
  return { edit: { file, find, replace }, expected: [] };
}

/** The same edit, expected to be told elsewhere: at one of these places. Without a subject: the one of the edit. */
export function at(op: Op, ...places: readonly (string | readonly [subject: string, path: string])[]): Op {
  const expected = places.map((place) =>
    typeof place === "string"
      ? { subject: op.expected[0]!.subject, path: place }
      : { subject: place[0], path: place[1] },
  );
  return { ...op, expected };
}

/** Several edits that are one mistake; expected where the first is. */
export function together(first: Op, ...others: readonly Op[]): Op {
  const all = [first, ...others].map(({ edit }) => edit);
  return {
    edit: {
      change: (objects) => {
        for (const edit of all) if ("change" in edit) edit.change(objects);
      },
    },
    expected: first.expected,
  };
}

export type Fields = Record<PathSegment, unknown>;

function change(subject: string, path: string, apply: (parent: Fields, key: PathSegment) => void): Op {
  const edit = {
    change: (objects: Resource[]) => {
      const segments = parsePath(path);
      let parent = objectOf(objects, subject) as unknown as Fields;
      for (const segment of segments.slice(0, -1)) {
        const next = parent[segment];
        if (typeof next !== "object" || next === null) throw new Error(`${subject} has nothing at ${path}`);
        parent = next as Fields;
      }
      apply(parent, segments.at(-1)!);
    },
  };
  return { edit, expected: [{ subject, path }] };
}

function objectOf(objects: readonly Resource[], subject: string): Resource {
  const found = objects.find((object) => subjectOf(object) === subject);
  if (!found) throw new Error(`the right set has no ${subject}`);
  return found;
}

/** `prod/Deployment/api`, `Namespace/prod` */
export function subjectOf(object: Resource): string {
  const { namespace, kind, name } = refOf(object);
  return [...(namespace === undefined ? [] : [namespace]), kind, name].join("/");
}
