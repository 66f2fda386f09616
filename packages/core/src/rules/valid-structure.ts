import { findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { type Resource, refOf } from "../resource.ts";
import { structureProblems } from "../schema/check-structure.ts";
import { customSchemas } from "../schema/custom-schemas.ts";
import { setIndex } from "./references/set-index.ts";

/** Kinds that have a rule of their own for structure and values, as `apiVersion kind`. */
export const STRUCTURE_CHECKED_ELSEWHERE: readonly string[] = ["networking.k8s.io/v1 NetworkPolicy"];

/** Unknown fields, values of a wrong type, and kinds that do not exist: what the API server refuses to decode. */
export const validStructure: Rule = {
  code: "core/valid-structure",
  check(inventory) {
    const { resources, locate } = inventory;
    const { isPartial } = setIndex(inventory);
    const custom = customSchemas(resources);
    return resources.flatMap((resource) =>
      isCheckedElsewhere(resource)
        ? []
        : structureProblems(resource, custom).flatMap(({ isValue, ...problem }) =>
            // What an object that is there as a patch lacks for its schema, its other fields may have.
            isValue && isPartial(resource)
              ? []
              : findingAbout(resource, locate, { code: "core/valid-structure", ...problem }),
          ),
    );
  },
};

function isCheckedElsewhere(resource: Resource): boolean {
  const { apiVersion, kind } = refOf(resource);
  return STRUCTURE_CHECKED_ELSEWHERE.includes(`${apiVersion} ${kind}`);
}
