import { apiGroup, type Finding, findingAbout, type Inventory, type Resource } from "@ashlar/core";
import { fieldsOf, textOf } from "../routes/fields.ts";

/** A finding for each annotation of an Ingress that `look` finds something at. */
export function annotationFindings(
  { resources, locate }: Inventory,
  look: (
    ingress: Resource,
    key: string,
    value: string,
  ) => Omit<Finding, "path" | "subject" | "at"> | undefined,
): Finding[] {
  return resources.flatMap((ingress) => {
    if (textOf(ingress?.kind) !== "Ingress" || !GROUPS.includes(apiGroup(textOf(ingress.apiVersion))))
      return [];
    return Object.entries(fieldsOf(fieldsOf(ingress.metadata).annotations)).flatMap(([key, value]) => {
      const found = look(ingress, key, textOf(value));
      return found === undefined
        ? []
        : [findingAbout(ingress, locate, { ...found, path: `metadata.annotations[${key}]` })];
    });
  });
}

const GROUPS: readonly string[] = ["networking.k8s.io", "extensions"];
