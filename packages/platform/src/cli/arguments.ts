import { parseArgs } from "node:util";
import { suggest } from "@ashlar/core";
import { UsageError } from "./io.ts";

/** One option of a command, for parsing and for its help. */
export interface OptionSpec {
  readonly name: string;
  readonly short?: string;
  /** Name of its value; absent: a switch. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** The last value given. */
  readonly get: (option: string) => string | undefined;
  readonly all: (option: string) => readonly string[];
  readonly has: (option: string) => boolean;
}

/**
 * The arguments of a command.
 *
 * @throws {UsageError} on an unknown option, a missing value, or a value that is none of the choices
 */
export function readArguments(argv: readonly string[], options: readonly OptionSpec[]): Arguments {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, short, value }) => [
        name,
        { type: value ? ("string" as const) : ("boolean" as const), ...(short && { short }) },
      ]),
    ),
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const spec = options.find((o) => o.name === token.name);
    if (!spec)
      throw new UsageError(
        `unknown option ${token.rawName}`,
        suggest(
          token.rawName,
          options.map((o) => `--${o.name}`),
        ),
      );
    if (spec.value && token.value === undefined)
      throw new UsageError(`${token.rawName} needs a value`, `write --${spec.name} ${spec.value}`);
    if (!spec.value && token.value !== undefined) throw new UsageError(`--${spec.name} takes no value`);
    if (spec.choices && !spec.choices.includes(token.value as string))
      throw new UsageError(
        `--${spec.name} "${token.value}" is unknown`,
        suggest(token.value as string, spec.choices),
      );
    values.set(spec.name, [...(values.get(spec.name) ?? []), token.value ?? ""]);
  }
  for (const { name, multiple } of options)
    if (!multiple && (values.get(name)?.length ?? 0) > 1)
      throw new UsageError(`--${name} stands twice`, "give it once");
  return {
    positionals,
    get: (option) => values.get(option)?.at(-1),
    all: (option) => values.get(option) ?? [],
    has: (option) => values.has(option),
  };
}

/** `--param name=value`, each name once. */
export function readParams(args: Arguments): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  for (const text of args.all("param")) {
    const equals = text.indexOf("=");
    if (equals < 1) throw new UsageError(`--param "${text}" has no value`, "write --param name=value");
    const name = text.slice(0, equals);
    if (name in params) throw new UsageError(`--param ${name} stands twice`, "give it once");
    params[name] = text.slice(equals + 1);
  }
  return params;
}
