import type { PatchOperation, Resource } from "@ashlar/core";

/** The object with a remedy applied: replace, add and remove of fields of mappings and entries of lists. */
export function applyFix(object: Resource, fix: readonly PatchOperation[]): Resource {
  const result = structuredClone(object);
  for (const operation of fix) {
    const steps = operation.path
      .split("/")
      .slice(1)
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    let holder = result as unknown as Record<string, unknown>;
    for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
    const last = steps.at(-1)!;
    if (operation.op === "remove") delete holder[last];
    else holder[last] = operation.value;
  }
  return result;
}
