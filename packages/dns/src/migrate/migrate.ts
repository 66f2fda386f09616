import type { Finding, Place } from "@ashlar/core";
import type { Corefile, ServerBlock } from "../corefile/ast.ts";
import { effectiveCorefile } from "../corefile/effective.ts";
import type { Environment } from "../corefile/environment.ts";
import type { ServerTokens } from "../corefile/evaluate.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { compareReleases, coreDnsRelease, livesIn } from "../plugins/table.ts";
import { notTheSameBelow } from "./down.ts";
import { importedWords } from "./imported.ts";
import { guessRelease, knownWords, wordText } from "./lives.ts";
import { headerWithoutSelector } from "./rules/header-down.ts";
import { MIGRATION_RULES } from "./rules/index.ts";
import { applySplices, leadBack } from "./splice.ts";
import {
  type Gathered,
  gatherInto,
  type MigrationChoices,
  type MigrationRule,
  type MigrationStep,
} from "./stage.ts";

export interface MigrateCorefileOptions extends MigrationChoices {
  /** The CoreDNS that the file was written for: `1.6.7`, `1.8`, `v1.11.4-eksbuild.2`. Absent: guessed from the words of the file. */
  readonly from?: string;
  /** The CoreDNS that it is to be for, in the same forms. */
  readonly to: string;
  /** The name of the file in places, `Corefile` by default. */
  readonly file?: string;
  /** Texts that imports may name, by path. They are read, never changed. */
  readonly files?: Readonly<Record<string, string>>;
  /** The environment of CoreDNS; absent: not known. */
  readonly env?: Environment;
}

export interface MigratedCorefile {
  readonly text: string;
  /** Releases of CoreDNS, as `1.11.4`. */
  readonly from: string;
  readonly to: string;
  /** Why `from` is what it is, when nobody said. */
  readonly guessed?: string;
  /** In the order in which they were made; empty when nothing had to change. */
  readonly steps: readonly MigrationStep[];
}

export interface CorefileMigration {
  /** Absent when something has no equivalent: then nothing is changed. */
  readonly value?: MigratedCorefile;
  /**
   * `dns/no-migration`: an error for each thing that has no equivalent, a warning for what was not looked at. `dns/no-changed-meaning`: a
   * warning for each step after which CoreDNS does something else. `dns/valid-corefile`: the text is not one that CoreDNS takes.
   */
  readonly findings: readonly Finding[];
}

/**
 * Rewrites a Corefile for another release of CoreDNS. Only the words that have to change do; comments and layout stay.
 *
 * Upwards, words that a release ignores or removed become today's (kubeadm's rule: not yet when they are only deprecated), and what
 * Kubernetes' default Corefile gained is added. Words that are older than `from` are migrated too. Downwards nothing is rewritten
 * that does not mean the same: either the file is one for the older release, or it is refused.
 *
 * @example
 * migrateCorefile(".:53 {\n    kubernetes cluster.local\n    proxy . 8.8.8.8 # ours\n}\n", { from: "1.3.1", to: "1.6.0" }).value
 * // text: ".:53 {\n    kubernetes cluster.local\n    ready\n    forward . 8.8.8.8 # ours\n}\n", and two steps
 */
export function migrateCorefile(text: string, options: MigrateCorefileOptions): CorefileMigration {
  const { file = "Corefile", files, env } = options;
  const surroundings = { file, ...(files && { files }), ...(env && { env }) };
  const parsed = parseCorefile(text, surroundings);
  // A block that is never closed is taken only as long as nothing follows: it comes as a warning.
  if (parsed.findings.length > 0)
    return { findings: parsed.findings.map((finding) => ({ ...finding, severity: "error" })) };
  const to = coreDnsRelease(options.to);
  const said = options.from === undefined ? undefined : coreDnsRelease(options.from);
  const wrong = [
    ...(to === undefined ? [noRelease("to", options.to)] : []),
    ...(options.from !== undefined && said === undefined ? [noRelease("from", options.from)] : []),
  ];
  if (to === undefined || wrong.length > 0) return { findings: wrong };
  const guess = said === undefined ? guessRelease(parsed.value, to) : undefined;
  const from = said ?? guess!.release;

  const down = compareReleases(from, to) > 0;
  const rules = down
    ? [headerWithoutSelector]
    : MIGRATION_RULES.filter(({ version }) => compareReleases(version, to) <= 0);
  const run = runRules(parsed.value, text, rules, { from, to, choices: options, surroundings });
  const findings = [
    ...run.findings,
    ...(run.refused
      ? []
      : down
        ? notTheSameBelow(run.tree, { from, to, place: run.place })
        : leftOver(run.tree, to, run.place)),
    ...importedWords(run.tree, { to, ...surroundings }),
  ];
  const refusals = findings.filter(({ severity }) => severity === "error");
  if (refusals.length > 0) return { findings: refusals };
  return {
    value: { text: run.text, from, to, ...(guess && { guessed: guess.because }), steps: run.steps },
    findings,
  };
}

interface Surroundings {
  readonly file: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Environment;
}

interface Journey {
  readonly from: string;
  readonly to: string;
  readonly choices: MigrationChoices;
  readonly surroundings: Surroundings;
}

function runRules(
  start: Corefile,
  given: string,
  rules: readonly MigrationRule[],
  { from, to, choices, surroundings }: Journey,
) {
  const place = placesOf(given, surroundings.file);
  const ways: ((offset: number) => number)[] = [];
  const back = (offset: number): Place => place(ways.reduceRight((at, lead) => lead(at), offset));
  const steps: MigrationStep[] = [];
  const findings: Finding[] = [];
  let [tree, text] = [start, given];
  for (const { version, run } of rules) {
    const gathered: Gathered = { splices: [], steps, findings };
    run({
      tree,
      text,
      from,
      to,
      choices,
      effective: effectiveServers(tree, surroundings),
      ...gatherInto(gathered, version, { text, choices }, back),
    });
    if (gathered.splices.length === 0) continue;
    text = applySplices(text, gathered.splices);
    ways.push(leadBack(gathered.splices));
    tree = parseCorefile(text, surroundings).value;
  }
  const refused = findings.some(({ severity }) => severity === "error");
  return { tree, text, steps, findings, refused, place: back };
}

function effectiveServers(
  tree: Corefile,
  surroundings: Surroundings,
): (server: ServerBlock) => ServerTokens | undefined {
  let servers: Map<number, ServerTokens> | undefined;
  return ({ keys }) => {
    servers ??= new Map(
      effectiveCorefile(tree, surroundings).blocks.flatMap((block) => {
        const at = block.keys[0]?.token.at;
        return at?.file === tree.file ? [[at.offset, block] as const] : [];
      }),
    );
    return keys[0] && servers.get(keys[0].at.offset);
  };
}

/** Line and column of an offset. */
function placesOf(text: string, file: string): (offset: number) => Place {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, column: offset - starts[low]! + 1 };
  };
}

/** Words that the target does not have, and no rule could turn into others. */
function leftOver(tree: Corefile, to: string, place: (offset: number) => Place): Finding[] {
  return knownWords(tree).flatMap((word) => {
    if (livesIn(word.life, to)) return [];
    const { since, replacement } = word.life;
    return {
      code: "dns/no-migration",
      severity: "error" as const,
      message: `CoreDNS ${to} has no "${wordText(word)}" (since ${since}${word.life.removed ? `, until ${word.life.removed}` : ""})`,
      hint: replacement
        ? `write ${replacement} instead, then migrate`
        : "take it away, or migrate to a release that has it",
      path: "",
      at: place((word.option ?? word.directive).name.at.offset),
    };
  });
}

function noRelease(path: string, text: string): Finding {
  return {
    code: "dns/no-migration",
    severity: "error",
    message: `"${text}" is no release of CoreDNS`,
    hint: 'write 1.0.0 or a later one: "1.15", "1.11.4", "v1.11.4-eksbuild.2"',
    path,
  };
}
