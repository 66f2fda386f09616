import { CelError, evaluateCel } from "./cel/evaluate.ts";
import { CelUnread, parseCel } from "./cel/parse.ts";

/** What CEL expressions speak of. */
export interface Variables {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly user?: {
    readonly username: string;
    readonly uid: string;
    readonly groups: readonly string[];
    readonly extra: Readonly<Record<string, readonly string[]>>;
  };
}

export type Evaluation =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly reason: string }
  /** The expression is outside of what is read here. */
  | { readonly kind: "unknown"; readonly reason: string };

/** The value of a CEL expression of an AuthenticationConfiguration. */
export function evaluate(expression: string, variables: Variables): Evaluation {
  try {
    const value = evaluateCel(parseCel(expression), new Map(Object.entries(variables)));
    // An optional value is no result that the server takes.
    return value instanceof Map
      ? { kind: "unknown", reason: "its value is optional" }
      : { kind: "value", value };
  } catch (error) {
    if (error instanceof CelError) return { kind: "error", reason: error.message };
    if (error instanceof CelUnread) return { kind: "unknown", reason: error.message };
    throw error;
  }
}
