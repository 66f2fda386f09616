import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { formatRef, type Resource, refKey, refOf } from "../resource.ts";

/** Two objects of one kind, namespace and name: of an apply, only the last survives. */
export const uniqueResource: Rule = {
  code: "core/unique-resource",
  check({ resources, locate }) {
    const first = new Map<string, Resource>();
    const findings: Finding[] = [];
    for (const resource of resources) {
      const ref = refOf(resource);
      if (ref.name === "") continue;
      const key = refKey(ref);
      const other = first.get(key);
      if (!other) {
        first.set(key, resource);
        continue;
      }
      const at = locate?.(other, "");
      findings.push({
        ...findingAbout(resource, locate, {
          code: "core/unique-resource",
          severity: "error",
          message: `${formatRef(ref)} is in the set twice; applied one after the other, only the last is left`,
          hint: "rename one, or remove it",
          path: "metadata.name",
        }),
        related: [{ message: "the first one", subject: ref, ...(at && { at }) }],
      });
    }
    return findings;
  },
};
