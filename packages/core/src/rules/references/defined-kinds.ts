import { isRecord } from "../../json.ts";
import type { Resource } from "../../resource.ts";
import { listOf, textOf } from "./json-values.ts";

/** `group/version Kind` of what the CustomResourceDefinitions of a set serve. */
export function definedKinds(resources: readonly Resource[]): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const { kind, spec } of resources) {
    if (kind !== "CustomResourceDefinition" || !isRecord(spec)) continue;
    const names = isRecord(spec.names) ? textOf(spec.names.kind) : "";
    const served = listOf(spec.versions).filter((v) => isRecord(v) && v.served !== false);
    for (const version of [...served.map((v) => isRecord(v) && v.name), spec.version])
      if (typeof version === "string") kinds.add(`${textOf(spec.group)}/${version} ${names}`);
  }
  return kinds;
}
