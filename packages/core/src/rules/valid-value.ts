import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import type { Locate, Resource } from "../resource.ts";
import { structureProblems } from "../schema/check-structure.ts";
import { type CustomSchemas, customSchemas } from "../schema/custom-schemas.ts";
import type { Problem } from "../validate/report.ts";
import { validateObject } from "../validate/validate-object.ts";
import { setIndex } from "./references/set-index.ts";

/** An object that the API server refuses for what its fields say. As on the server, its structure has to be right first. */
export const validValue: Rule = {
  code: "core/valid-value",
  check(inventory) {
    const { resources, locate } = inventory;
    const { isPartial } = setIndex(inventory);
    const custom = customSchemas(resources);
    return resources.flatMap((resource) => {
      const all = validateObject(resource);
      if (all.length === 0) return [];
      const problems = isPartial(resource) ? all.filter(isOfMetadata) : all;
      if (problems.length === 0 || !isDecoded(resource, custom)) return [];
      return problems
        .filter((problem) => !isOfCopy(problem, problems))
        .map((problem) => finding(resource, problem, locate));
    });
  },
};

/** Elsewhere a field may be wrong only for want of another one, which an object that is there as a patch does not tell. */
function isOfMetadata({ path }: Problem): boolean {
  return path === "metadata" || path.startsWith("metadata.");
}

function isDecoded(resource: Resource, custom: CustomSchemas): boolean {
  return structureProblems(resource, custom).every((problem) => problem.severity !== "error");
}

/** The server copies some fields (limits into requests) and refuses the copy too: one mistake is said once. */
function isOfCopy(problem: Problem, problems: readonly Problem[]): boolean {
  const { where } = problem;
  return where !== undefined && problems.some((other) => other !== problem && other.path === where);
}

function finding(resource: Resource, { where, ...problem }: Problem, locate: Locate | undefined): Finding {
  const place: Locate | undefined = where === undefined ? locate : (object) => locate?.(object, where);
  return findingAbout(resource, place, { code: "core/valid-value", severity: "error", ...problem });
}
