import { SYSTEM_NAMESPACES } from "../environments.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { formatRef, type Resource, refOf } from "../resource.ts";
import { assumed } from "./references/assumed.ts";
import { relatedTo } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import { nearNames } from "./references/near-names.ts";
import { setIndex } from "./references/set-index.ts";
import { NAMESPACE } from "./references/target.ts";

const CODE = "core/no-missing-namespace";

/** Objects in a namespace that nobody makes; one finding for each namespace, at its first object. */
export const noMissingNamespace: Rule = {
  code: CODE,
  check(inventory) {
    const { resources, locate, whole = false, assume } = inventory;
    const index = setIndex(inventory).objectsOf(NAMESPACE);
    const known = index.names(undefined);
    if (!whole && known.count === 0) return [];
    const isAssumed = assumed(assume);
    const near = nearNames();
    const homeless = new Map<string, Resource[]>();
    for (const resource of resources) {
      const namespace = namespaceOf(resource);
      if (namespace === undefined || SYSTEM_NAMESPACES.includes(namespace)) continue;
      if (index.find(undefined, namespace) || isAssumed(NAMESPACE, undefined, namespace)) continue;
      const others = homeless.get(namespace);
      if (others) others.push(resource);
      else homeless.set(namespace, [resource]);
    }
    return [...homeless].map(([namespace, objects]): Finding => {
      const [first, ...others] = objects as [Resource, ...Resource[]];
      const nearName = near(namespace, known);
      const more = others.length === 0 ? "" : ` and ${others.length} more`;
      const makeOne = `make it, or assume Namespace/${namespace} if it is made elsewhere`;
      return {
        ...findingAbout(first, locate, {
          code: CODE,
          severity: whole ? "error" : "warning",
          message: `${formatRef(refOf(first))}${more}: namespace ${namespace} is not in the set: the API server refuses what is in it`,
          hint: nearName === undefined ? makeOne : `did you mean "${nearName}"? Else ${makeOne}`,
          path: "metadata.namespace",
        }),
        ...(others.length > 0 && {
          related: others
            .slice(0, RELATED_SHOWN)
            .map((other) => relatedTo(inventory, other, "is in it too", "metadata.namespace")),
        }),
      };
    });
  },
};

const RELATED_SHOWN = 5;
