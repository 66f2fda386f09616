import type { z } from "zod";
import type { Block } from "./block.ts";
import { IntentError } from "./errors.ts";
import type { Finding } from "./finding.ts";
import type { Result } from "./result.ts";
import { zodFindings } from "./zod-findings.ts";

/** A builder: call it with an intent, or `safe` with anything. */
export interface BlockBuilder<Input> {
  /** @throws {IntentError} with every finding, when the input is not a valid intent */
  (input: Input): Block;
  /** The same for input from anywhere: never throws. */
  readonly safe: (input: unknown) => Result<Block>;
  readonly blockName: string;
  /** The zod schema of the intent, every field described; `z.toJSONSchema` turns it into an editor's schema. */
  readonly intent: z.ZodType;
}

/**
 * Makes a builder out of an intent's schema and a total function.
 *
 * @param options.name `package/block`, e.g. `network-policy/firewall`
 * @param options.intent the schema, or a function that makes it at its first use and keeps it (`once`)
 * @param options.build must not fail on any value that the schema lets through
 */
export function defineBlock<Schema extends z.ZodType>(options: {
  readonly name: string;
  readonly intent: Schema | (() => Schema);
  readonly build: (intent: z.output<Schema>) => Block;
}): BlockBuilder<z.input<Schema>> {
  const { name, build } = options;
  const schema = (): Schema => (typeof options.intent === "function" ? options.intent() : options.intent);
  const code = `${name.split("/")[0]}/valid-intent`;
  const safe = (input: unknown): Result<Block> => {
    const intent = schema();
    // Compiling the schema takes longer than reading the few intents of a platform.
    const parsed = intent.safeParse(input, { reportInput: true, jitless: true });
    if (parsed.success) return { ok: true, value: build(parsed.data) };
    return { ok: false, findings: zodFindings(parsed.error, intent, code) };
  };
  const builder = (input: z.input<Schema>): Block => unwrap(name, safe(input));
  const made = Object.assign(builder, { safe, blockName: name });
  return Object.defineProperty(made, "intent", { get: schema, enumerable: true }) as BlockBuilder<
    z.input<Schema>
  >;
}

/**
 * The value of a result.
 *
 * @throws {IntentError} when there is none
 */
export function unwrap<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  throw new IntentError(what, result.findings as readonly Finding[]);
}
