import { AssertionError } from "node:assert";
import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { mutations } from "./mutations/all.ts";
import type { Mutation } from "./mutations/mutation.ts";
import { areas } from "./semantics/all.ts";
import { type Api, type Checks, loadApi } from "./semantics/api.ts";

/**
 * Loads the model once per mutation, with the edit made in memory, and runs the check of the rule that it breaks. Prints
 * one line of JSON per mutation; a program of its own, since test runners load modules their own way.
 */
export interface MutationReport {
  readonly mutation: Mutation;
  /** How often the text to replace is in the file: must be once. */
  readonly found: number;
  /** What the check said; absent when it noticed nothing. */
  readonly noticed?: string;
}

const src = new URL("../src/", import.meta.url);

function sourceOf(file: string): string {
  return readFileSync(new URL(file, src), "utf8");
}

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const number = /[?]mutation=\d+$/.exec(context.parentURL ?? "")?.[0];
    if (number === undefined || !resolved.url.startsWith(src.href)) return resolved;
    return { ...resolved, url: resolved.url.replace(/[?].*$/, "") + number };
  },
  load(url, context, next) {
    const number = /[?]mutation=(\d+)$/.exec(url)?.[1];
    if (number === undefined) return next(url, context);
    const { file, find, replace } = mutations[Number(number)]!;
    const text = readFileSync(fileURLToPath(url.replace(/[?].*$/, "")), "utf8");
    const mutated = url.startsWith(`${src.href}${file}?`) ? text.replace(find, () => replace) : text;
    return { format: "module", source: stripTypeScriptTypes(mutated), shortCircuit: true };
  },
});

const checks: Checks = Object.assign({}, ...Object.values(areas));

for (const [i, mutation] of mutations.entries()) {
  const found = sourceOf(mutation.file).split(mutation.find).length - 1;
  const noticed = found === 1 ? await complaint(i, mutation.breaks) : undefined;
  const report: MutationReport = { mutation, found, ...(noticed !== undefined && { noticed }) };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

/** The first line of what the check says; only a failed assertion counts, a mutation that cannot run breaks the test. */
async function complaint(number: number, rule: string): Promise<string | undefined> {
  const check = checks[rule];
  if (check === undefined) throw new Error(`no check is named ${JSON.stringify(rule)}`);
  const api: Api = await loadApi((module) => import(`${src.href}${module}?mutation=${number}`));
  try {
    check(api);
    return undefined;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return error.message.split("\n")[0]!;
  }
}
