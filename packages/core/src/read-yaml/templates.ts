import type { PathSegment } from "../field-path.ts";
import { isRecord } from "../json.ts";
import type { FoundObject } from "./objects.ts";
import type { Problem } from "./problem.ts";

// Not `{{"a": 1}}`, which is broken JSON. Bounded, so that a text of braces alone takes no time.
const TEMPLATE = /\{\{[-\s\w.$/#][^{}]{0,200}\}\}/;
const CODE = "core/no-template";
const HINT = "render the templates first, for example: helm template NAME CHART | ashlar check -";

/**
 * A syntax error in a document with `{{ … }}` near it is most likely a template that was never rendered: then that is
 * what to say. `text` is the document, which begins at `start`.
 */
export function templateProblem(problem: Problem, text: string, start: number): Problem | undefined {
  if (problem.code !== "core/valid-yaml" && problem.code !== "core/valid-object") return undefined;
  const match = TEMPLATE.exec(text);
  if (!match) return undefined;
  return {
    ...problem,
    code: CODE,
    offset: start + match.index,
    message: `expected YAML, got the template ${JSON.stringify(match[0].slice(0, 60))} (as YAML: ${problem.message})`,
    hint: HINT,
  };
}

/** Templates left in the fields by which objects are found: no API server takes braces there. */
export function templatesInNames({ resource, path }: FoundObject): Omit<Problem, "offset">[] {
  const { name, namespace, labels } = resource.metadata;
  const fields: [readonly PathSegment[], unknown][] = [
    [["apiVersion"], resource.apiVersion],
    [["kind"], resource.kind],
    [["metadata", "name"], name],
    [["metadata", "namespace"], namespace],
    ...(isRecord(labels)
      ? Object.entries(labels).map(
          ([key, value]) => [["metadata", "labels", key], value] as [PathSegment[], unknown],
        )
      : []),
  ];
  return fields.flatMap(([field, value]) => {
    const template = typeof value === "string" ? TEMPLATE.exec(value)?.[0] : undefined;
    if (template === undefined) return [];
    return {
      code: CODE,
      severity: "error" as const,
      path: [...path, ...field],
      message: `expected a rendered value, got the template ${JSON.stringify(template.slice(0, 60))}`,
      hint: HINT,
    };
  });
}
