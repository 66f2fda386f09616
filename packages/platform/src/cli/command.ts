import type { Arguments, OptionSpec } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";

/** A command of the `ashlar` program; its help is made from this. */
export interface Command {
  /** `render`, `matrix network` */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Paragraphs and examples for `--help`. */
  readonly details: string;
  readonly options: readonly OptionSpec[];
  readonly run: (args: Arguments, io: Io) => Promise<ExitCode>;
}

export const FORMAT: OptionSpec = {
  name: "format",
  value: "FORMAT",
  choices: ["text", "json"],
  help: "text (default) or json",
};

export const PARAM: OptionSpec = {
  name: "param",
  value: "NAME=VALUE",
  multiple: true,
  help: "a parameter of the platform file; may be repeated",
};

export const NAMESPACE: OptionSpec = {
  name: "namespace",
  short: "n",
  value: "NAME",
  help: "namespace of objects that name none (default: default)",
};

export const FILE: OptionSpec = {
  name: "file",
  short: "f",
  value: "PATH",
  multiple: true,
  help: "what to ask: a platform file, YAML, a folder or -; may be repeated (default: ./platform.ts)",
};
