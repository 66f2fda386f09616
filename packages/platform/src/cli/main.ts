import { suggest } from "@ashlar/core";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commandHelp, programHelp } from "./help.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { isIntentError } from "./load.ts";
import { formatFinding } from "./text.ts";
import { version } from "./version.ts";

/** Each command is loaded when it is asked for: models are slow to load. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  render: async () => (await import("./commands/render.ts")).renderCommand,
  check: async () => (await import("./commands/check.ts")).checkCommand,
  "matrix network": async () => (await import("./commands/matrix-network.ts")).matrixNetworkCommand,
  "matrix access": async () => (await import("./commands/matrix-access.ts")).matrixAccessCommand,
  "explain reach": async () => (await import("./commands/explain-reach.ts")).explainReachCommand,
  "explain can": async () => (await import("./commands/explain-can.ts")).explainCanCommand,
  "explain dns": async () => (await import("./commands/explain-dns.ts")).explainDnsCommand,
  "explain login": async () => (await import("./commands/explain-login.ts")).explainLoginCommand,
  "explain url": async () => (await import("./commands/explain-url.ts")).explainUrlCommand,
  diff: async () => (await import("./commands/diff.ts")).diffCommand,
  apply: async () => (await import("./commands/apply.ts")).applyCommand,
  fix: async () => (await import("./commands/fix.ts")).fixCommand,
  "dns fmt": async () => (await import("./commands/dns.ts")).dnsFmtCommand,
  "dns lint": async () => (await import("./commands/dns.ts")).dnsLintCommand,
  "dns migrate": async () => (await import("./commands/dns.ts")).dnsMigrateCommand,
  seal: async () => (await import("./commands/seal.ts")).sealCommand,
  "realm diff": async () => (await import("./commands/realm.ts")).realmDiffCommand,
  "realm apply": async () => (await import("./commands/realm.ts")).realmApplyCommand,
  verify: async () => (await import("./commands/verify.ts")).verifyCommand,
  login: async () => (await import("./commands/login.ts")).loginCommand,
};

/** Runs one command line. Never throws for bad input: what is wrong goes to `io.err`, and the code is 2. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`ashlar: ${error.message}\n${error.hint === undefined ? "" : `  → ${error.hint}\n`}`);
      return 2;
    }
    if (isIntentError(error)) {
      for (const finding of error.findings) io.err(`${formatFinding(finding, { color: false })}\n`);
      return 2;
    }
    throw error;
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const words = argv.filter((word) => !word.startsWith("-"));
  const wantsHelp = argv.includes("--help") || argv.includes("-h");
  if (argv.includes("--version") && words.length === 0) {
    io.out(`${version()}\n`);
    return 0;
  }
  if (words[0] === "help" || (words.length === 0 && (wantsHelp || argv.length === 0))) {
    const topic = findCommand(words.slice(1));
    io.out(topic === undefined ? programHelp(await allCommands()) : commandHelp(await topic.load()));
    return argv.length === 0 ? 2 : 0;
  }
  const found = findCommand(words);
  if (found === undefined) throw unknownCommand(words);
  const command = await found.load();
  if (wantsHelp) {
    io.out(commandHelp(command));
    return 0;
  }
  return command.run(readArguments(withoutCommand(argv, command), command.options), io);
}

function findCommand(words: readonly string[]): { readonly load: () => Promise<Command> } | undefined {
  const found = Object.entries(COMMANDS).find(([name]) =>
    name.split(" ").every((part, i) => words[i] === part),
  );
  return found && { load: found[1] };
}

function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}

/** The arguments behind the command's own words, which come first. */
function withoutCommand(argv: readonly string[], command: Command): string[] {
  const rest = [...argv];
  for (const part of command.name.split(" ")) rest.splice(rest.indexOf(part), 1);
  return rest;
}

function unknownCommand(words: readonly string[]): UsageError {
  const names = Object.keys(COMMANDS);
  const group = names.filter((name) => name.startsWith(`${words[0]} `));
  if (group.length > 0)
    return new UsageError(
      `"${words[0]}" needs to know what`,
      `write ${group.map((name) => `ashlar ${name}`).join(" or ")}`,
    );
  return new UsageError(`unknown command "${words[0] ?? ""}"`, suggest(words[0] ?? "", names));
}
