import { readdirSync, readFileSync } from "node:fs";
import { type Resource, readYaml, writeYaml } from "@ashlar/core";
import type { Mistake } from "./mistake.ts";

/** A set as a user has it: files of YAML by name. */
export type Files = ReadonlyMap<string, string>;

const FOLDER = new URL("right/", import.meta.url);

/** The right set as it is written. */
export const RIGHT_FILES: Files = new Map(
  readdirSync(FOLDER)
    .sort()
    .map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8")]),
);

/** A file of the set as objects, which must be readable. */
function objectsOf(file: string, text: string): Resource[] {
  const { resources, findings } = readYaml(text, { file });
  if (findings.length > 0) throw new Error(`${file}: ${findings[0]!.message}`);
  return resources;
}

/** The objects of the right set, new ones each time. */
export function rightObjects(): Resource[] {
  return [...RIGHT_FILES].flatMap(([file, text]) => objectsOf(file, text));
}

/** What the set's environments are, for claims. */
export const ENVIRONMENTS = { common: ["default", "kube-system"], prod: ["prod"], dev: ["dev"] };

/** What the firewall of the right set is for. */
export const CLAIMS: readonly string[] = [
  "env:dev -/-> env:prod",
  "env:prod -/-> env:dev",
  "ns:kubeapps -/-> env:prod",
  "ns:kubeapps -/-> env:dev",
  "kube-system/coredns -> prod/api:80",
  "kube-system/coredns -> dev/web:80",
  "kubeapps/kubeapps -> kubeapps/redis:6379",
  "kubeapps/kubeapps -> kube-system/kube-dns:53/UDP",
  "kube-system/coredns -/-> kubeapps/redis:6379",
];

/** What the set is for. */
export const VERSIONS = { kubernetes: "1.36", cni: "kube-router@2.5" };

export interface EditedSet {
  readonly files: Files;
  /** The file that the edit changed, and the line, from 1, in which it begins to differ. */
  readonly file: string;
  readonly line: number;
}

/** The right set as one file of canonical YAML: what edits of objects are compared with. */
export const RIGHT_YAML = writeYaml(rightObjects());

/** The set with one mistake in it: an edit of text in the file that it is about, an edit of objects in one file for all. */
export function editedSet({ id, edit }: Mistake): EditedSet {
  if ("file" in edit) {
    const before = RIGHT_FILES.get(edit.file);
    if (before?.split(edit.find).length !== 2)
      throw new Error(`${id}: its text does not stand once in ${edit.file}`);
    const after = before.replace(edit.find, () => edit.replace);
    const files = new Map(RIGHT_FILES).set(edit.file, after);
    return { files, file: edit.file, line: firstDifference(before, after) };
  }
  const objects = rightObjects();
  edit.change(objects);
  const after = writeYaml(objects);
  if (after === RIGHT_YAML) throw new Error(`${id} changes nothing`);
  return { files: new Map([[FILE, after]]), file: FILE, line: firstDifference(RIGHT_YAML, after) };
}

const FILE = "set.yaml";

function firstDifference(before: string, after: string): number {
  const [left, right] = [before.split("\n"), after.split("\n")];
  return left.findIndex((line, i) => line !== right[i]) + 1;
}

const RIGHT_OBJECTS: ReadonlySet<string> = new Set(rightObjects().map((object) => JSON.stringify(object)));

/** The objects of a set that are not in the right set as they are. */
export function changedObjects(files: Files): readonly Resource[] {
  const objects = [...files].flatMap(([file, text]) => readYaml(text, { file }).resources);
  return objects.filter((object) => !RIGHT_OBJECTS.has(JSON.stringify(object)));
}
