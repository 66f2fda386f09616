import type { MappingNode } from "./node.ts";

/**
 * What the Kubernetes API expects at a place, as far as text is concerned: `text` where a scalar has to be a string,
 * `texts` where every scalar in a map or list has to be one, the others lead there.
 */
export type StringPlace = "root" | "roots" | "text" | "texts" | "env" | "env-item" | "any";

const MAPS_OF_TEXT = new Set(["labels", "annotations", "matchLabels", "nodeSelector", "selector"]);
const LISTS_OF_TEXT = new Set(["args", "command"]);

/** The place of a field's value, from the place of its object. */
export function placeOfField(place: StringPlace, key: string, parent: MappingNode): StringPlace {
  // The selector of a Service is a map of labels, that of a Deployment holds one.
  if (place === "texts") return key === "matchLabels" ? "texts" : "text";
  if (place === "env-item") return key === "value" ? "text" : "any";
  if (place === "root") {
    if (key === "data" || key === "stringData" || key === "binaryData") return "texts";
    if (key === "items") return "roots";
  }
  if (MAPS_OF_TEXT.has(key) || LISTS_OF_TEXT.has(key)) return "texts";
  if (key === "env") return "env";
  if (key === "values" && isRequirement(parent)) return "texts";
  return "any";
}

/** The place of an element, from the place of its list. */
export function placeOfItem(place: StringPlace): StringPlace {
  if (place === "roots") return "root";
  if (place === "env") return "env-item";
  return place === "texts" ? "text" : "any";
}

/** A requirement of a label selector: it has `key`, `operator` and `values`, and nothing else. */
function isRequirement({ entries }: MappingNode): boolean {
  return entries.length <= 3 && entries.some(({ key }) => key.kind === "scalar" && key.value === "operator");
}
