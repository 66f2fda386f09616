import type { z } from "zod";

/** What a zod schema is made of, as far as walks over intents need it. */
export interface SchemaParts {
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
}

/** zod types a schema's definition by its own kind; every part is optional here. */
export function schemaParts(schema: z.ZodType): SchemaParts {
  return schema.def as unknown as SchemaParts;
}
