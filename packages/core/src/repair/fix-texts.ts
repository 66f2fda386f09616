import { type Finding, type PatchOperation, sortFindings } from "../finding.ts";
import type { Locate, Resource } from "../resource.ts";
import { editYaml, type ObjectEdit } from "./edit-yaml.ts";
import { listIndex, parsePointer } from "./json-pointer.ts";
import { locateIn, type ReadFile, type Remedy, readFile, remediesByFile, type TextFile } from "./remedies.ts";

export interface FixedTexts {
  /** The files as given, each with its text after all fixes. */
  readonly files: readonly (TextFile & { readonly fixed: string })[];
  /** The findings whose remedy was applied, with the places that they had then. */
  readonly applied: readonly Finding[];
  /** What is still found in the fixed texts, reading included. */
  readonly left: readonly Finding[];
  /** Why a remedy was not applied; its finding is among those left. */
  readonly refused: ReadonlyMap<Finding, string>;
}

/** Rules may find more once a first remedy is in place; remedies that undo each other must end. */
const ROUNDS = 20;

/**
 * Applies the remedies of findings to the texts that the findings are about, and looks again until no remedy is left. What
 * cannot be changed in its text stays as it is, with the reason.
 *
 * @param check what to hold the objects of all files against; its findings name their object by `subject` and `at`
 */
export async function fixTexts(
  files: readonly TextFile[],
  check: (resources: readonly Resource[], locate: Locate) => readonly Finding[],
): Promise<FixedTexts> {
  const state = files.map(readFile);
  const applied: Finding[] = [];
  const reasons = new Map<string, string>();
  for (let round = 0; ; round++) {
    const { findings, byFile } = look(state, check);
    const open = round < ROUNDS ? byFile : [];
    let changed = false;
    for (const [index, remedies] of open.entries()) {
      const todo = remedies.filter((remedy) => !reasons.has(keyOf(remedy)));
      if (todo.length === 0) continue;
      const file = state[index]!;
      const { text, done } = await applyRemedies(file.text, todo, reasons);
      if (text === file.text) continue;
      changed = true;
      applied.push(...done.map(({ finding }) => finding));
      state[index] = readFile({ name: file.name, text });
    }
    if (changed) continue;
    const refused = new Map<Finding, string>();
    for (const remedy of byFile.flat()) refused.set(remedy.finding, reasons.get(keyOf(remedy)) ?? UNDONE);
    for (const finding of findings) if (finding.fix && !refused.has(finding)) refused.set(finding, NOT_FOUND);
    return {
      files: files.map((file, index) => ({ ...file, fixed: state[index]!.text })),
      applied,
      left: findings,
      refused,
    };
  }
}

const NOT_FOUND = "it cannot be told which object it is about: another one has the same name";
const UNDONE = "other remedies undo it again";

/** The same remedy of the same object, in whatever round. */
function keyOf({ finding, resource, patch }: Remedy): string {
  return JSON.stringify([finding.at?.file, resource, finding.code, finding.path, patch]);
}

function look(
  files: readonly ReadFile[],
  check: (resources: readonly Resource[], locate: Locate) => readonly Finding[],
): { findings: readonly Finding[]; byFile: readonly Remedy[][] } {
  const resources = files.flatMap(({ read }) => read.resources);
  const locate = locateIn(files);
  const findings = sortFindings([...files.flatMap(({ read }) => read.findings), ...check(resources, locate)]);
  return { findings, byFile: remediesByFile(files, findings) };
}

/**
 * A text after the remedies that fit together; those that touch what another one touches wait for the next round. Reasons
 * of refused ones are noted. When several for one object are refused together, each is tried alone.
 */
async function applyRemedies(
  text: string,
  remedies: readonly Remedy[],
  reasons: Map<string, string>,
): Promise<{ text: string; done: readonly Remedy[] }> {
  const groups = [...Map.groupBy(remedies, ({ resource }) => resource).values()].map(compatible);
  const { text: result, refused } = await editYaml(text, groups.map(editOf));
  const isRefused = new Map(refused.map(({ resource, reason }) => [resource, reason]));
  let current = result;
  const done = groups.filter(([first]) => !isRefused.has(first!.resource)).flat();
  for (const group of groups) {
    const reason = isRefused.get(group[0]!.resource);
    if (reason === undefined) continue;
    if (group.length === 1) reasons.set(keyOf(group[0]!), reason);
    else {
      const alone = await firstThatFits(current, group, reasons);
      if (!alone) continue;
      current = alone.text;
      done.push(alone.remedy);
    }
  }
  return { text: current, done };
}

async function firstThatFits(
  text: string,
  group: readonly Remedy[],
  reasons: Map<string, string>,
): Promise<{ text: string; remedy: Remedy } | undefined> {
  for (const remedy of group) {
    const { text: result, refused } = await editYaml(text, [editOf([remedy])]);
    if (refused[0]) reasons.set(keyOf(remedy), refused[0].reason);
    else return { text: result, remedy };
  }
  return undefined;
}

function editOf(group: readonly Remedy[]): ObjectEdit {
  return { resource: group[0]!.resource, patch: group.flatMap(({ patch }) => patch) };
}

/** The remedies of one object that touch different fields, in order; at least the first. */
function compatible(remedies: readonly Remedy[]): Remedy[] {
  const taken: string[][] = [];
  return remedies.filter(({ patch }) => {
    const touched = patch.map(touchedBy);
    if (touched.some((path) => taken.some((other) => startsWith(path, other) || startsWith(other, path))))
      return false;
    taken.push(...touched);
    return true;
  });
}

/** What an operation changes: the list, where the items behind it move. */
function touchedBy({ op, path }: PatchOperation): string[] {
  const keys = parsePointer(path) ?? [];
  const last = keys.at(-1);
  const movesItems =
    (op === "add" || op === "remove") && (last === "-" || listIndex(last ?? "") !== undefined);
  return movesItems ? keys.slice(0, -1) : keys;
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((key, index) => path[index] === key);
}
