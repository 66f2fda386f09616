import { suggest } from "../../did-you-mean.ts";
import { formatPath } from "../../field-path.ts";
import { type Finding, findingAbout } from "../../finding.ts";
import type { Inventory } from "../../inventory.ts";
import { isRecord } from "../../json.ts";
import { formatRef, type Resource, refOf } from "../../resource.ts";
import { relatedTo } from "./missing-object.ts";
import type { Reference } from "./reference.ts";

/**
 * The keys that a reference reads and the Secret or ConfigMap of the set lacks. Certain in any set, for the object is
 * there; an object without any key is left alone: something else fills it.
 */
export function missingKeys(
  inventory: Inventory,
  code: string,
  { from, by, keys = [] }: Reference,
  object: Resource,
): Finding[] {
  const known = keysOf(object);
  if (known.size === 0) return [];
  return keys
    .filter(({ key }) => !known.has(key))
    .map(({ key, path }) => ({
      ...findingAbout(from, inventory.locate, {
        code,
        severity: "error",
        message: `${formatRef(refOf(from))}: ${by} reads key "${key}" of ${formatRef(refOf(object))}, which has no such key`,
        hint: known.size > KEYS_SHOWN ? "write one of its keys" : suggest(key, known),
        path: formatPath(path),
      }),
      related: [relatedTo(inventory, object, "it is here", "data")],
    }));
}

/** Above this many keys a nearest one is not looked for. */
const KEYS_SHOWN = 200;

/** The keys of a Secret or ConfigMap; none when they come from elsewhere (a token that the control plane fills in). */
function keysOf(object: Resource): ReadonlySet<string> {
  if (object.type === "kubernetes.io/service-account-token") return new Set();
  return new Set(
    [object.data, object.stringData, object.binaryData].flatMap((map) =>
      isRecord(map) ? Object.keys(map) : [],
    ),
  );
}
