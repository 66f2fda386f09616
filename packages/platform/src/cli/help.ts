import type { Command } from "./command.ts";

const EXIT_CODES = "Exit codes: 0 clean, 1 findings or differences, 2 could not run.";

/** `ashlar --help`. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((c) => c.name.length));
  return `ashlar: typed building blocks for Kubernetes platforms: intent → manifests → proof

Usage: ashlar COMMAND [PATH...] [options]

${commands.map((c) => `  ${c.name.padEnd(width)}  ${c.summary}`).join("\n")}

A path is a platform file (platform.ts), a YAML or JSON file, a folder, or - for standard input.
${EXIT_CODES}
ashlar COMMAND --help tells more.
`;
}

/** `ashlar COMMAND --help`. */
export function commandHelp(command: Command): string {
  const rows = command.options.map((o) => ({
    left: `${o.short ? `-${o.short}, ` : ""}--${o.name}${o.value ? ` ${o.value}` : ""}`,
    help: o.help,
  }));
  const width = Math.max(...rows.map((r) => r.left.length));
  return `ashlar ${command.name}: ${command.summary}

Usage: ${command.usage}

${command.details}

Options:
${rows.map((r) => `  ${r.left.padEnd(width)}  ${r.help}`).join("\n")}
`;
}
