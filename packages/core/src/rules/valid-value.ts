import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import type { Locate, Resource } from "../resource.ts";
import type { Problem } from "../validate/report.ts";
import { validateObject } from "../validate/validate-object.ts";

/** An object that the API server refuses for what its fields say, be their structure right. */
export const validValue: Rule = {
  code: "core/valid-value",
  check: ({ resources, locate }) =>
    resources.flatMap((resource) => {
      const problems = validateObject(resource);
      return problems
        .filter((problem) => !isOfCopy(problem, problems))
        .map((problem) => finding(resource, problem, locate));
    }),
};

/** The server copies some fields (limits into requests) and refuses the copy too: one mistake is said once. */
function isOfCopy({ where }: Problem, problems: readonly Problem[]): boolean {
  return where !== undefined && problems.some((other) => other.path === where);
}

function finding(resource: Resource, { where, ...problem }: Problem, locate: Locate | undefined): Finding {
  const place: Locate | undefined = where === undefined ? locate : (object) => locate?.(object, where);
  return findingAbout(resource, place, { code: "core/valid-value", severity: "error", ...problem });
}
