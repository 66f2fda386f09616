import { chmodSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "@ashlar/core";
import { type FixedTexts, fixTexts, type TextFile } from "@ashlar/core/repair";
import { check } from "../../check.ts";
import { KUBERNETES_VERSION } from "../../intent.ts";
import type { Arguments } from "../arguments.ts";
import { type Command, NAMESPACE } from "../command.ts";
import { loadInput } from "../input.ts";
import { type ExitCode, type Io, UsageError } from "../io.ts";
import { formatFinding, paint, plural, printable } from "../text.ts";
import { unifiedDiff } from "../unified-diff.ts";

export const fixCommand: Command = {
  name: "fix",
  usage: "ashlar fix [PATH...] [--write] [--kubernetes VERSION] [--cni NAME@VERSION]",
  summary: "apply the remedies that are certain to manifests, and show what changes",
  details: `PATH is YAML and JSON files, folders, or - for standard input, whose fixed text goes to standard output:

  ashlar fix manifests/            # a diff; nothing is written
  ashlar fix manifests/ --write
  ashlar fix - < old.yaml > new.yaml

Only what a finding's remedy names changes: comments, layout and the order of keys stay. What needs somebody's decision is
listed. Exit code: 0 nothing to fix and nothing found, 1 there were fixes or there are findings left, 2 could not run.`,
  options: [
    { name: "write", help: "write the files; without it nothing is written" },
    { name: "kubernetes", value: "VERSION", help: "the Kubernetes that the manifests are for: 1.36" },
    { name: "cni", value: "NAME@VERSION", help: "the cluster's network plugin: kube-router@2.5" },
    NAMESPACE,
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
    if (isStdin) {
      for (const file of result.files) io.out(file.fixed);
      report(result, io.err, { color: false }, "");
      return exitCode(result, result.left);
    }
    for (const { name, text, fixed } of result.files) printDiff(name, text, fixed, io);
    if (!args.has("write")) {
      report(result, io.out, io, "nothing is written without --write");
      return exitCode(result, result.left);
    }
    writeAll(result, files, io);
    const again = await fixTexts(await readInput(args, io), rulesFor(args));
    report({ ...again, applied: result.applied, files: result.files }, io.out, io, "written");
    return exitCode(result, again.left);
  },
};

function exitCode({ applied }: FixedTexts, left: readonly Finding[]): ExitCode {
  return applied.length + left.length > 0 ? 1 : 0;
}

type Check = Parameters<typeof fixTexts>[1];

function rulesFor(args: Arguments): Check {
  const [cni, kubernetes, defaultNamespace] = [
    args.get("cni"),
    args.get("kubernetes"),
    args.get("namespace"),
  ];
  if (kubernetes !== undefined && !KUBERNETES_VERSION.test(kubernetes))
    throw new UsageError(`--kubernetes "${kubernetes}" is no version`, "write --kubernetes 1.36 or 1.36.3");
  const versions = { ...(cni !== undefined && { cni }), ...(kubernetes !== undefined && { kubernetes }) };
  return (resources, locate) =>
    check({ resources, locate, versions, ...(defaultNamespace !== undefined && { defaultNamespace }) })
      .findings;
}

/** A file as it was read. */
interface InputFile extends TextFile {
  readonly bytes: Uint8Array;
}

/** The files with objects or findings, each with its text. */
async function readInput(args: Arguments, io: Io): Promise<InputFile[]> {
  let stdin: Uint8Array = new Uint8Array();
  const remembering = {
    ...io,
    stdin: async () => {
      stdin = await io.stdin();
      return stdin;
    },
  };
  const loaded = await loadInput(args.positionals, args, remembering);
  if (loaded.platform)
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
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    if (!Buffer.from(text).equals(bytes))
      throw new UsageError(
        `${name} is not UTF-8`,
        "convert it first: what cannot be read cannot be written back",
      );
    return { name, bytes, text };
  });
}

function printDiff(name: string, before: string, after: string, io: Io): void {
  const diff = unifiedDiff(name, before, after);
  if (!io.color) {
    io.out(diff);
    return;
  }
  for (const line of diff.split("\n").slice(0, -1)) {
    const shown = printable(line.replace(/\r$/, "").replaceAll("\t", "    "));
    const color = line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim";
    io.out(`${line.startsWith(" ") ? shown : paint(io, color, shown)}\n`);
  }
}

/** Writes each changed file by rename, none when one of them was changed since it was read. */
function writeAll({ files: fixed }: FixedTexts, files: readonly InputFile[], io: Io): void {
  const targets = fixed.flatMap(({ name, text, fixed: after }, index) => {
    if (after === text) return [];
    const target = realpathSync(resolve(io.cwd, name));
    if (!readFileSync(target).equals(files[index]!.bytes))
      throw new UsageError(`${name} was changed meanwhile`, "nothing is written: run it again");
    return [{ target, text: after }];
  });
  for (const { target, text } of targets) {
    const partial = `${target}.partial`;
    writeFileSync(partial, text);
    chmodSync(partial, statSync(target).mode);
    renameSync(partial, target);
  }
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
