import { suggest } from "@ashlar/core";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { checkCommand } from "./commands/check.ts";
import { diffCommand } from "./commands/diff.ts";
import { explainCanCommand } from "./commands/explain-can.ts";
import { explainLoginCommand } from "./commands/explain-login.ts";
import { explainReachCommand } from "./commands/explain-reach.ts";
import { fixCommand } from "./commands/fix.ts";
import { loginCommand } from "./commands/login.ts";
import { matrixAccessCommand } from "./commands/matrix-access.ts";
import { matrixNetworkCommand } from "./commands/matrix-network.ts";
import { renderCommand } from "./commands/render.ts";
import { commandHelp, programHelp } from "./help.ts";
import { type ExitCode, type Io, UsageError } from "./io.ts";
import { isIntentError } from "./load.ts";
import { formatFinding } from "./text.ts";
import { version } from "./version.ts";

const COMMANDS: readonly Command[] = [
  renderCommand,
  checkCommand,
  matrixNetworkCommand,
  matrixAccessCommand,
  explainReachCommand,
  explainCanCommand,
  explainLoginCommand,
  diffCommand,
  fixCommand,
  loginCommand,
];

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
    io.out(topic ? commandHelp(topic) : programHelp(COMMANDS));
    return argv.length === 0 ? 2 : 0;
  }
  const command = findCommand(words);
  if (!command) throw unknownCommand(words);
  if (wantsHelp) {
    io.out(commandHelp(command));
    return 0;
  }
  return command.run(readArguments(withoutCommand(argv, command), command.options), io);
}

function findCommand(words: readonly string[]): Command | undefined {
  return COMMANDS.find((c) => c.name.split(" ").every((part, i) => words[i] === part));
}

/** The arguments behind the command's own words, which come first. */
function withoutCommand(argv: readonly string[], command: Command): string[] {
  const rest = [...argv];
  for (const part of command.name.split(" ")) rest.splice(rest.indexOf(part), 1);
  return rest;
}

function unknownCommand(words: readonly string[]): UsageError {
  const group = COMMANDS.filter((c) => c.name.startsWith(`${words[0]} `));
  if (group.length > 0)
    return new UsageError(
      `"${words[0]}" needs to know what`,
      `write ${group.map((c) => `ashlar ${c.name}`).join(" or ")}`,
    );
  return new UsageError(
    `unknown command "${words[0] ?? ""}"`,
    suggest(
      words[0] ?? "",
      COMMANDS.map((c) => c.name),
    ),
  );
}
