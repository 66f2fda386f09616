import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Finding, type Place, readYaml } from "@ashlar/core";
import { exactText } from "./changed-files.ts";
import { type Io, UsageError } from "./io.ts";

/** A Corefile, in a file of its own or in a ConfigMap. */
export interface FoundCorefile {
  /** Of the file that it is in. */
  readonly file: string;
  readonly text: string;
  /** A place in the Corefile as one in the file. */
  readonly placeOf: (place: Place) => Place;
  /** The whole file with another Corefile in it. */
  readonly withText: (text: string) => Promise<string>;
}

export interface CorefileInput {
  readonly file: string;
  readonly whole: string;
  readonly isStdin: boolean;
  readonly corefiles: readonly FoundCorefile[];
}

/**
 * Reads Corefiles: files of their own, or YAML and JSON whose ConfigMaps have the key Corefile.
 *
 * @throws {UsageError} when a path cannot be read, or has no Corefile
 */
export async function readCorefiles(paths: readonly string[], io: Io): Promise<CorefileInput[]> {
  if (paths.length === 0)
    throw new UsageError(
      "no Corefile is named",
      "name a Corefile, YAML with the ConfigMap, or - for standard input",
    );
  return Promise.all(paths.map((path) => readInput(path, io)));
}

async function readInput(path: string, io: Io): Promise<CorefileInput> {
  const isStdin = path === "-";
  const file = isStdin ? "<stdin>" : path;
  const whole = exactText(isStdin ? await io.stdin() : bytesOf(path, io), file);
  const corefiles = corefilesIn(whole, file);
  return { file, whole, isStdin, corefiles };
}

function bytesOf(path: string, io: Io): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, path));
  } catch {
    throw new UsageError(`${path} cannot be read`);
  }
}

/** A Corefile has no `apiVersion:` at the start of a line. */
function isManifest(path: string, text: string): boolean {
  return /\.(ya?ml|json)$/.test(path) || /^(apiVersion:|kind:|\s*\{\s*"(apiVersion|kind|items)")/m.test(text);
}

function alone(text: string, file: string): FoundCorefile {
  return { file, text, placeOf: (place) => ({ ...place, file }), withText: async (changed) => changed };
}

/** The Corefiles of a text: the text itself, or those in its ConfigMaps. */
export function corefilesIn(whole: string, file: string): FoundCorefile[] {
  return isManifest(file, whole) ? inConfigMaps(whole, file) : [alone(whole, file)];
}

function inConfigMaps(whole: string, file: string): FoundCorefile[] {
  const { resources, findings, locate } = readYaml(whole, { file });
  const error = findings.find(({ severity }) => severity === "error");
  if (error) throw new UsageError(`${file}: ${error.message}`, error.hint);
  const found = resources.flatMap((resource, index): FoundCorefile[] => {
    const { data } = resource as { readonly data?: Readonly<Record<string, unknown>> };
    const text = resource.kind === "ConfigMap" ? data?.Corefile : undefined;
    if (typeof text !== "string") return [];
    const key = locate(resource, "data.Corefile") ?? { file, line: 1, column: 1 };
    return [
      {
        file,
        text,
        placeOf: placeIn(whole, key),
        withText: (changed) => replaced(whole, index, changed, file),
      },
    ];
  });
  if (found.length === 0)
    throw new UsageError(`${file} has no ConfigMap with the key Corefile`, "give the ConfigMap of CoreDNS");
  return found;
}

/** A block scalar shows the Corefile's lines, indented; of any other form only the key's place is known. */
function placeIn(whole: string, key: Place): (place: Place) => Place {
  const lines = whole.split("\n");
  if (!/:\s*\|[+-]?\s*(#.*)?\r?$/.test(lines[key.line - 1] ?? "")) return () => key;
  const indent = /^ */.exec(lines[key.line] ?? "")?.[0].length ?? 0;
  return ({ line, column }) => ({ file: key.file, line: key.line + line, column: column + indent });
}

async function replaced(whole: string, resource: number, text: string, file: string): Promise<string> {
  const { editYaml } = await import("@ashlar/core/repair");
  const patch = [{ op: "replace" as const, path: "/data/Corefile", value: text }];
  const edited = await editYaml(whole, [{ resource, patch }]);
  const [refused] = edited.refused;
  if (refused) throw new UsageError(`${file} cannot be changed: ${refused.reason}`);
  return edited.text;
}

/** Places of findings as those of the files. */
export function placed(findings: readonly Finding[], { placeOf }: FoundCorefile): Finding[] {
  return findings.map((finding) => (finding.at ? { ...finding, at: placeOf(finding.at) } : finding));
}
