import type { Finding, PatchOperation } from "../finding.ts";
import { type ReadYaml, readYaml } from "../read-yaml/read-yaml.ts";
import { type Locate, type Place, type Resource, refOf } from "../resource.ts";

/** A file of YAML or JSON. `name` is how places call it, and stands once. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

export interface ReadFile extends TextFile {
  readonly read: ReadYaml;
}

export function readFile({ name, text }: TextFile): ReadFile {
  return { name, text, read: readYaml(text, { file: name }) };
}

/** A finding whose remedy is known, and the object of its file that it is for. */
export interface Remedy {
  readonly finding: Finding;
  /** Its place among the `resources` of the file. */
  readonly resource: number;
  readonly patch: readonly PatchOperation[];
}

interface Origin {
  readonly file: number;
  readonly index: number;
}

function originsOf(files: readonly ReadFile[]): ReadonlyMap<object, Origin> {
  return new Map(
    files.flatMap(({ read }, file) => read.resources.map((resource, index) => [resource, { file, index }])),
  );
}

/** Places of the objects of several files. */
export function locateIn(files: readonly ReadFile[]): Locate {
  const origins = originsOf(files);
  return (resource, path) => {
    const origin = origins.get(resource);
    return origin && files[origin.file]!.read.locate(resource, path);
  };
}

/**
 * The remedies of findings for each file, in the order of the findings. One whose object cannot be told is left out.
 */
export function remediesByFile(files: readonly ReadFile[], findings: readonly Finding[]): Remedy[][] {
  const byFile: Remedy[][] = files.map(() => []);
  if (!findings.some(({ fix }) => fix)) return byFile;
  const origins = originsOf(files);
  const locate = locateIn(files);
  const named = new Map<string, Resource[]>();
  for (const resource of origins.keys() as Iterable<Resource>) {
    const name = JSON.stringify(refOf(resource));
    const others = named.get(name);
    if (others) others.push(resource);
    else named.set(name, [resource]);
  }
  for (const finding of findings) {
    const { fix: patch, subject, at } = finding;
    if (!patch || patch.length === 0 || !subject) continue;
    const candidates = named.get(JSON.stringify(subject)) ?? [];
    const about = at
      ? candidateAt(candidates, at, locate)
      : candidates.length === 1
        ? candidates[0]
        : undefined;
    const origin = about && origins.get(about);
    if (origin) byFile[origin.file]!.push({ finding, resource: origin.index, patch });
  }
  return byFile;
}

/** Of objects with one name, the one that a place is in: the last that begins before it. */
function candidateAt(candidates: readonly Resource[], at: Place, locate: Locate): Resource | undefined {
  return candidates.findLast((resource) => {
    const begin = locate(resource, "");
    if (begin?.file !== at.file) return false;
    return begin.line < at.line || (begin.line === at.line && begin.column <= at.column);
  });
}
