import { type Finding, IntentError, type Result, suggest } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import type { Platform, UnreadPlatform } from "./define-platform.ts";

type Shape = Readonly<Record<string, z.ZodType>>;
type Values<S extends Shape> = { readonly [K in keyof S]: z.output<S[K]> };

/** A platform that pipelines fill in: `ashlar render platform.ts --param imageTag=1.4.2`. */
export interface PlatformTemplate<P extends Platform | UnreadPlatform = Platform> {
  readonly type: "ashlar/template";
  readonly params: readonly string[];
  /** The platform for these values, or a finding for each that is unknown, missing or refused by its schema. */
  readonly resolve: (values: Readonly<Record<string, string>>) => Result<P>;
}

/**
 * A platform file with typed parameters. Values arrive as text, so use `z.coerce.number()` where a number is meant; a
 * parameter with a default may be left out.
 *
 * @example
 * export default withParams({ imageTag: z.string().regex(/^\d+\.\d+\.\d+$/) }, ({ imageTag }) =>
 *   definePlatform({ … probe: { in: ["dev"], image: `busybox:${imageTag}` } }))
 */
export function withParams<const S extends Shape, P extends Platform | UnreadPlatform>(
  shape: S,
  build: (values: Values<S>) => P,
): PlatformTemplate<P> {
  const params = Object.keys(shape);
  return {
    type: "ashlar/template",
    params,
    resolve: (values) => {
      const findings: Finding[] = [];
      const problem = (name: string, message: string, hint: string) =>
        findings.push({ code: "platform/valid-param", severity: "error", message, hint, path: name });
      for (const name of Object.keys(values))
        if (!Object.hasOwn(shape, name)) problem(name, `unknown parameter "${name}"`, suggest(name, params));
      const output: Record<string, unknown> = {};
      for (const [name, schema] of Object.entries(shape)) {
        const given = Object.hasOwn(values, name) ? values[name] : undefined;
        const parsed = schema.safeParse(given);
        if (parsed.success) output[name] = parsed.data;
        else if (given === undefined)
          problem(name, `parameter "${name}" is missing`, `give --param ${name}=VALUE`);
        else
          for (const issue of parsed.error.issues)
            problem(
              name,
              `parameter "${name}" is "${given}": ${issue.message}`,
              schema.description ?? "give a value that its schema takes",
            );
      }
      if (findings.length > 0) return { ok: false, findings };
      try {
        return { ok: true, value: build(output as Values<S>) };
      } catch (error) {
        if (error instanceof IntentError) return { ok: false, findings: error.findings };
        throw error;
      }
    },
  };
}
