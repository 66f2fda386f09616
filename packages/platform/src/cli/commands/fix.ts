import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "@ashlar/core";
import { type FixedTexts, fixTexts, type TextFile } from "@ashlar/core/repair";
import { check } from "../../check.ts";
import type { Arguments } from "../arguments.ts";
import { exactText, printDiff, writeChanged } from "../changed-files.ts";
import { type Command, FORMAT, NAMESPACE } from "../command.ts";
import { loadInput } from "../input.ts";
import { type ExitCode, type Io, UsageError } from "../io.ts";
import { printJson } from "../output.ts";
import { SET_OPTIONS, withSetOptions } from "../set-options.ts";
import { formatFinding, paint, plural, printable } from "../text.ts";

export const fixCommand: Command = {
  name: "fix",
  usage: "ashlar fix [PATH...] [--write] [--format text|json] [options]",
  summary: "apply the remedies that are certain to manifests, and show what changes",
  details: `PATH is YAML and JSON files, folders, or - for standard input, whose fixed text goes to standard output:

  ashlar fix manifests/            # a diff; nothing is written
  ashlar fix manifests/ --write
  ashlar fix - < old.yaml > new.yaml

Only what a finding's remedy names changes: comments, layout and the order of keys stay. What needs somebody's
decision is listed. --format json tells the remedies of each file that changes, with the fixed text of standard input,
and the findings left, with the reason where a remedy was not applied. Exit code: 0 nothing to fix and nothing found,
1 there were fixes or there are findings left, 2 could not run.`,
  options: [
    { name: "write", help: "write the files; without it nothing is written" },
    ...SET_OPTIONS,
    NAMESPACE,
    FORMAT,
  ],
  async run(args, io) {
    const isStdin = args.positionals.includes("-");
    if (isStdin && args.positionals.length > 1)
      throw new UsageError(
        "- stands among other paths",
        "give standard input alone: its fixed text is printed",
      );
    if (isStdin && args.has("write"))
      throw new UsageError("--write is for files", "the fixed text of standard input is printed");
    const files = await readInput(args, io);
    const result = await fixTexts(files, rulesFor(args));
    if (args.has("write")) {
      writeChanged(
        result.files.map(({ name, text, fixed }) => ({ name, before: text, after: fixed })),
        io,
      );
      const again = await fixTexts(await readInput(args, io), rulesFor(args));
      show({ ...again, applied: result.applied, files: result.files }, args, io);
      return exitCode(result, again.left);
    }
    show(result, args, io);
    return exitCode(result, result.left);
  },
};

/** What was or would be done, in the format that is asked for. */
function show(result: FixedTexts, args: Arguments, io: Io): void {
  const isStdin = args.positionals.includes("-");
  if (args.get("format") === "json") printJson(io, jsonReport(result, args.has("write"), isStdin));
  else if (isStdin) {
    for (const { fixed } of result.files) io.out(fixed);
    report(result, io.err, { color: false }, "");
  } else {
    for (const { name, text, fixed } of result.files) printDiff({ name, before: text, after: fixed }, io);
    report(result, io.out, io, args.has("write") ? "written" : "nothing is written without --write");
  }
}

function exitCode({ applied }: FixedTexts, left: readonly Finding[]): ExitCode {
  return applied.length + left.length > 0 ? 1 : 0;
}

type Check = Parameters<typeof fixTexts>[1];

function rulesFor(args: Arguments): Check {
  const defaultNamespace = args.get("namespace");
  const known = withSetOptions(
    { resources: [], ...(defaultNamespace !== undefined && { defaultNamespace }) },
    args,
  );
  return (resources, locate) => check({ ...known, resources, locate }).findings;
}

/** The files with objects or findings, each with its text. */
async function readInput(args: Arguments, io: Io): Promise<TextFile[]> {
  let stdin: Uint8Array = new Uint8Array();
  const remembering = {
    ...io,
    stdin: async () => {
      stdin = await io.stdin();
      return stdin;
    },
  };
  const loaded = await loadInput(args.positionals, args, remembering);
  if (loaded.isPlatformFile)
    throw new UsageError(
      `${loaded.name} is a platform file, and fix changes YAML and JSON`,
      "correct what ashlar check finds in the platform file itself",
    );
  const { resources, locate } = loaded.set;
  const places = [
    ...resources.map((resource) => locate?.(resource, "")),
    ...loaded.findings.map(({ at }) => at),
  ];
  const names = new Set(places.flatMap((place) => place?.file ?? []));
  if (names.size === 0)
    throw new UsageError(`${loaded.name} holds no object`, "check what wrote it: nothing was checked");
  return [...names].map((name) => {
    const bytes = args.positionals.includes("-") ? stdin : readFileSync(resolve(io.cwd, name));
    return { name, text: exactText(bytes, name) };
  });
}

function report(
  { applied, left, refused, files }: FixedTexts,
  print: (text: string) => void,
  style: Pick<Io, "color">,
  note: string,
): void {
  const count = files.filter(({ text, fixed }) => fixed !== text).length;
  if (count > 0) print("\n");
  for (const finding of left) {
    const reason = refused.get(finding);
    const why = reason === undefined ? "" : `\n  not fixed: ${printable(reason)}`;
    print(`${formatFinding(finding, style)}${why}\n\n`);
  }
  const parts = [
    count > 0 ? `${plural(applied.length, "fix", "fixes")} in ${plural(count, "file")}` : "nothing to fix",
    ...(count > 0 && note !== "" ? [note] : []),
    `${plural(left.length, "finding")} left`,
  ];
  print(`${paint(style, count + left.length > 0 ? "yellow" : "green", parts.join(", "))}\n`);
}

/** What was changed in each file and what is left; of texts only the fixed one of standard input, which is shown nowhere else. */
function jsonReport({ files, applied, left, refused }: FixedTexts, write: boolean, withText: boolean) {
  const changed = files.filter(({ text, fixed }) => fixed !== text);
  return {
    files: changed.map(({ name, fixed }) => ({
      file: name,
      fixes: applied.filter(({ at }) => at?.file === name),
      ...(withText && { text: fixed }),
    })),
    left: left.map((finding) => {
      const notFixed = refused.get(finding);
      return notFixed === undefined ? finding : { ...finding, notFixed };
    }),
    written: write && changed.length > 0,
    summary: { files: changed.length, fixes: applied.length, left: left.length },
  };
}
