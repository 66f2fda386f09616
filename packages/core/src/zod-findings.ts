import type { z } from "zod";
import { suggest } from "./did-you-mean.ts";
import type { Finding } from "./finding.ts";
import { schemaParts } from "./schema-parts.ts";

/** What a refinement may say of its own issue: `ctx.addIssue({ code: "custom", message, path, params: { code, hint } })`. */
export interface IssueParams {
  readonly code?: string;
  readonly hint?: string;
}

/**
 * The issues of a zod schema as findings. Union and record-key issues are unwrapped to the reason inside, unknown keys
 * get a did-you-mean from the schema.
 *
 * @param code the code of issues that bring none of their own, e.g. `network-policy/valid-intent`
 */
export function zodFindings(error: z.ZodError, schema: z.ZodType, code: string): Finding[] {
  return error.issues.flatMap((issue) => issueFindings(issue, schema, code, []));
}

function issueFindings(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  code: string,
  parents: readonly PropertyKey[],
): Finding[] {
  const path = [...parents, ...issue.path];
  const finding = (message: string, hint: string, at = path): Finding => ({
    code,
    severity: "error",
    message,
    hint,
    path: formatInputPath(at),
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        finding(`unknown field "${key}"`, suggest(key, knownKeys(schema, path)), [...path, key]),
      );
    case "invalid_union": {
      const nearest = nearestBranch(issue.errors);
      return nearest.length > 0
        ? nearest.flatMap((inner) => issueFindings(inner, schema, code, path))
        : [finding(issue.message, "write one of the forms that the field's description shows")];
    }
    case "invalid_key":
    case "invalid_element":
      return issue.issues.flatMap((inner) => issueFindings({ ...inner, path: [] }, schema, code, path));
    case "invalid_value":
      return [finding(`${issue.message}, got ${show(issue.input)}`, "write one of the values above")];
    case "custom": {
      const params = (issue.params ?? {}) as IssueParams;
      return [
        {
          ...finding(issue.message, params.hint ?? "see the field's description"),
          ...(params.code && { code: params.code }),
        },
      ];
    }
    default:
      return [finding(issue.message, describe(schema, path) ?? "see the field's description")];
  }
}

/** Of a union, the branch that got furthest: the input has that shape, and only its inside is wrong. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(
      0,
      ...issues.map((i) => i.path.length + (i.code === "invalid_type" && i.path.length === 0 ? 0 : 1)),
    );
  return [...branches].sort((a, b) => depth(b) - depth(a))[0] ?? [];
}

/** `a.b[0]["odd key"]`: how an intent is addressed in code. */
export function formatInputPath(path: readonly PropertyKey[]): string {
  let out = "";
  for (const part of path) {
    if (typeof part === "number") out += `[${part}]`;
    else if (/^[A-Za-z_$][\w$]*$/.test(String(part))) out += `${out ? "." : ""}${String(part)}`;
    else out += `[${JSON.stringify(String(part))}]`;
  }
  return out;
}

/** The schemas that may stand at a path of the input. */
function schemasAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType[] {
  const def = schemaParts(schema);
  if (def.innerType) return schemasAt(def.innerType, path);
  if (def.options) return def.options.flatMap((option) => schemasAt(option, path));
  const [key, ...rest] = path;
  if (key === undefined) return [schema];
  const child = def.shape ? def.shape[String(key)] : (def.element ?? def.valueType);
  return child ? schemasAt(child, rest) : [];
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  return schemasAt(schema, path).flatMap((s) => Object.keys(schemaParts(s).shape ?? {}));
}

function describe(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  return schemasAt(schema, path)
    .map((s) => s.description)
    .find((d) => d !== undefined);
}

function show(input: unknown): string {
  return input === undefined ? "nothing" : (JSON.stringify(input) ?? String(input)).slice(0, 80);
}
