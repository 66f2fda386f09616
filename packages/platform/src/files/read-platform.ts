import { globSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type Finding,
  IntentError,
  type Locate,
  mergeLocates,
  type Resource,
  type Result,
  readYaml,
} from "@ashlar/core";
import { type Platform, type UnreadPlatform, withGiven } from "../define-platform.ts";

/** A platform and where the objects of its files were written. */
export interface ReadPlatform {
  readonly platform: Platform;
  /** For `check({ ...objectSet(platform), locate })`: findings then name file, line and column. */
  readonly locate: Locate;
  /** What the files have that works, but is likely not meant. */
  readonly findings: readonly Finding[];
}

/**
 * Reads the files in the `given` of a platform, for scripts; the command line does it by itself. Values of Secrets are left out.
 *
 * @param folder what the paths are relative to: that of the platform file
 * @throws {IntentError} with every finding: files that are not there or cannot be read, and what is wrong with the platform then
 * @example
 * const { platform } = readPlatform(definePlatform({ … given: [yaml("charts/*.yaml")] }), import.meta.dirname);
 */
export function readPlatform(platform: Platform | UnreadPlatform, folder: string): ReadPlatform {
  const read = tryReadPlatform(platform, folder, "");
  if (read.ok) return read.value;
  throw new IntentError("the platform", read.findings);
}

/**
 * The same without throwing.
 *
 * @param shown what is put before names of files in places: the folder as the user named it
 */
export function tryReadPlatform(
  platform: Platform | UnreadPlatform,
  folder: string,
  shown: string,
): Result<ReadPlatform> {
  if (platform.type === "ashlar/platform")
    return { ok: true, value: { platform, locate: () => undefined, findings: [] } };
  const problems: Finding[] = [];
  const read = new Map<string, GivenFile>();
  const objects = new Map<string, Resource[]>();
  for (const files of new Set(platform.files)) {
    const names = matching(files, folder, problems);
    const fresh = names.filter((name) => !read.has(resolve(folder, name)));
    for (const name of fresh)
      read.set(resolve(folder, name), readGivenFile(resolve(folder, name), join(shown, name)));
    const of = (list: readonly string[]) => list.map((name) => read.get(resolve(folder, name))!);
    // What two patterns match is there once.
    objects.set(
      files,
      of(fresh).flatMap(({ resources }) => resources),
    );
    if (
      names.length > 0 &&
      of(names).every(({ resources, findings }) => resources.length + findings.length === 0)
    )
      problems.push(
        problem(files, `${names.join(", ")} holds no object`, "correct the path, or leave it out"),
      );
  }
  const findings = [...problems, ...[...read.values()].flatMap((file) => file.findings)];
  if (findings.some(({ severity }) => severity === "error")) return { ok: false, findings };
  const result = withGiven(platform, (files) => {
    const own = objects.get(files) ?? [];
    // Written twice, it is there once.
    objects.delete(files);
    return own;
  });
  if (!result.ok) return result;
  const locate = mergeLocates(...[...read.values()].map((file) => file.locate));
  return { ok: true, value: { platform: result.value, locate, findings } };
}

/** The files that a path or a pattern means, in order of their names. */
function matching(files: string, folder: string, findings: Finding[]): string[] {
  const found = globSync(files, { cwd: folder }).sort();
  const names = found.filter((name) => statSync(resolve(folder, name)).isFile());
  if (names.length > 0) return names;
  const [only] = found;
  findings.push(
    only === undefined
      ? problem(
          files,
          `no file of ${folder} has this name`,
          "correct the path: it is relative to the folder of the platform file, * and ** stand for names and folders",
        )
      : problem(files, `${only} is a folder`, `write yaml(${JSON.stringify(`${only}/**/*.yaml`)})`),
  );
  return [];
}

function problem(files: string, what: string, hint: string): Finding {
  return {
    code: "platform/valid-intent",
    severity: "error",
    message: `yaml(${JSON.stringify(files)}): ${what}`,
    hint,
    path: "given",
  };
}

interface GivenFile {
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
  readonly locate: Locate;
}

/** Secrets stay, without their values: nobody asks for them, and a platform is printed and stored. */
function readGivenFile(path: string, file: string): GivenFile {
  const { resources, findings, locate } = readYaml(readFileSync(path), { file });
  const originals = new WeakMap<object, Resource>();
  const known = resources.map((resource) => {
    if (resource.kind !== "Secret") return resource;
    const bare = withoutValues(resource);
    originals.set(bare, resource);
    return bare;
  });
  return {
    resources: known,
    findings,
    locate: (resource, field) => locate(originals.get(resource) ?? resource, field),
  };
}

function withoutValues({
  apiVersion,
  kind,
  metadata,
  type,
}: Resource & { readonly type?: unknown }): Resource {
  const { name, namespace, labels } = metadata;
  const kept = { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) };
  return { apiVersion, kind, metadata: kept, ...(type !== undefined && { type }) };
}
