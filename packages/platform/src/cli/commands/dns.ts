import { formatCorefile, lintCorefile, type MigrationStep, migrateCorefile } from "@ashlar/dns";
import type { Arguments, OptionSpec } from "../arguments.ts";
import { printDiff, writeChanged } from "../changed-files.ts";
import { type Command, FORMAT } from "../command.ts";
import { type CorefileInput, corefilesIn, type FoundCorefile, placed, readCorefiles } from "../corefiles.ts";
import { type Io, UsageError } from "../io.ts";
import { printJson } from "../output.ts";
import { formatFinding, printable } from "../text.ts";

const INPUT = `FILE is a Corefile, YAML or JSON whose ConfigMaps have the key Corefile, or - for standard input.`;
const WRITE: OptionSpec = { name: "write", help: "write the files; without it nothing is written" };

export const dnsLintCommand: Command = {
  name: "dns lint",
  usage: "ashlar dns lint FILE... [--coredns VERSION] [--format text|json]",
  summary: "tell what CoreDNS does not start with, and what it takes though it cannot be meant",
  details: `${INPUT}

  kubectl -n kube-system get configmap coredns -o yaml | ashlar dns lint -

Exit code: 0 nothing found, 1 findings, 2 could not read.`,
  options: [
    {
      name: "coredns",
      value: "VERSION",
      help: "the CoreDNS that is to start with it: 1.15 (default: the newest known)",
    },
    FORMAT,
  ],
  async run(args, io) {
    const coredns = args.get("coredns");
    const inputs = await readCorefiles(args.positionals, io);
    const findings = inputs.flatMap(({ corefiles }) =>
      corefiles.flatMap((corefile) =>
        placed(
          lintCorefile(corefile.text, { file: corefile.file, ...(coredns !== undefined && { coredns }) }),
          corefile,
        ),
      ),
    );
    if (args.get("format") === "json") printJson(io, findings);
    else if (findings.length === 0) io.out("nothing found\n");
    else for (const finding of findings) io.out(`${formatFinding(finding, io)}\n\n`);
    return findings.length > 0 ? 1 : 0;
  },
};

export const dnsFmtCommand: Command = {
  name: "dns fmt",
  usage: "ashlar dns fmt FILE... [--write]",
  summary: "put a Corefile into the usual layout; only white space changes",
  details: `${INPUT}

Prints the difference, or writes it with --write; standard input gives the whole text. Comments stay.

Exit code: 0 in that layout already, 1 something changed, 2 could not read.`,
  options: [WRITE],
  run: (args, io) => change(args, io, ({ text }) => formatCorefile(text)),
};

export const dnsMigrateCommand: Command = {
  name: "dns migrate",
  usage: "ashlar dns migrate FILE... --to VERSION [--from VERSION] [--write] [options]",
  summary: "rewrite a Corefile for another CoreDNS, and say why at each step",
  details: `${INPUT}

  ashlar dns migrate Corefile --to 1.15

Only the words that have to change do; comments and layout stay. What has no equivalent is refused with the reason, and
nothing is changed. Without --from the version is guessed from the words of the file.

Exit code: 0 nothing had to change, 1 it was or would be rewritten, 2 refused or could not read.`,
  options: [
    { name: "to", value: "VERSION", help: "the CoreDNS that it is to be for: 1.15, v1.11.4-eksbuild.2" },
    { name: "from", value: "VERSION", help: "the CoreDNS that it was written for (default: guessed)" },
    {
      name: "upstream",
      value: "WHAT",
      choices: ["drop", "forward"],
      help: "who resolves targets of ExternalName: drop (CoreDNS itself, default) or forward (the same for all)",
    },
    {
      name: "federation",
      value: "WHAT",
      choices: ["refuse", "drop"],
      help: "the federation plugin: refuse (default) or drop",
    },
    {
      name: "defaults",
      value: "WHAT",
      choices: ["add", "leave"],
      help: "what the default Corefile gained: add (default) or leave",
    },
    WRITE,
  ],
  async run(args, io) {
    const to = args.get("to");
    if (to === undefined)
      throw new UsageError("dns migrate needs to know for which CoreDNS", "write --to 1.15");
    return change(args, io, (corefile) => migrated(corefile, to, args, io));
  },
};

function migrated(corefile: FoundCorefile, to: string, args: Arguments, io: Io): string {
  const from = args.get("from");
  const choice = (name: string) => (args.has(name) ? { [name]: args.get(name) } : {});
  const { value, findings } = migrateCorefile(corefile.text, {
    to,
    file: corefile.file,
    ...(from !== undefined && { from }),
    ...choice("upstream"),
    ...choice("federation"),
    ...choice("defaults"),
  });
  for (const finding of placed(findings, corefile)) io.err(`${formatFinding(finding, { color: false })}\n\n`);
  if (value === undefined)
    throw new UsageError(`${corefile.file} is not rewritten`, "see what has no equivalent above");
  const guessed = value.guessed === undefined ? "" : ` (guessed: ${value.guessed})`;
  io.err(
    printable(`CoreDNS ${value.from}${guessed} → ${value.to}: ${value.steps.length} steps`).concat("\n"),
  );
  for (const step of value.steps) io.err(`${stepText(step)}\n`);
  return value.text;
}

function stepText({ version, what, why, lost }: MigrationStep): string {
  const lines = [
    `  ${version.padEnd(7)} ${what}`,
    `          ${why}`,
    ...(lost === undefined ? [] : [`          lost: ${lost}`]),
  ];
  return lines.map(printable).join("\n");
}

/** Changes every Corefile of the input; nothing is shown or written before all of them are changed. */
async function change(args: Arguments, io: Io, changed: (corefile: FoundCorefile) => string): Promise<0 | 1> {
  const inputs = await readCorefiles(args.positionals, io);
  if (args.has("write") && inputs.some(({ isStdin }) => isStdin))
    throw new UsageError("--write is for files", "the new text of standard input is printed");
  const files = await Promise.all(
    inputs.map(async (input) => ({ ...input, after: await changedWhole(input, changed) })),
  );
  for (const { file: name, whole: before, after, isStdin } of files)
    if (isStdin) io.out(after);
    else printDiff({ name, before, after }, io);
  if (args.has("write"))
    writeChanged(
      files.map(({ file: name, whole: before, after }) => ({ name, before, after })),
      io,
    );
  return files.some(({ whole, after }) => after !== whole) ? 1 : 0;
}

/** The whole text with each Corefile in it changed, one after another: a change moves those behind it. */
async function changedWhole(
  { file, whole, corefiles }: CorefileInput,
  changed: (corefile: FoundCorefile) => string,
): Promise<string> {
  let current = whole;
  for (let i = 0; i < corefiles.length; i++) {
    const corefile = corefilesIn(current, file)[i];
    if (corefile === undefined) continue;
    const text = changed(corefile);
    if (text !== corefile.text) current = await corefile.withText(text);
  }
  return current;
}
