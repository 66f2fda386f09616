import type { PathSegment } from "../field-path.ts";
import { isMerge, keyOf } from "./compose.ts";
import type { MappingNode, Node } from "./node.ts";

/**
 * The offset of a field: of its key, of its item in a list, of the value for the empty path; of the nearest ancestor
 * that the text has when it does not have the field. Merged fields are found where they were merged from.
 */
export function offsetOf(root: Node, path: readonly PathSegment[]): number {
  let node = followAlias(root);
  let offset = node.at;
  for (const segment of path) {
    if (node.kind === "sequence") {
      const item = node.items[Number(segment)];
      if (item === undefined) return offset;
      offset = item.at;
      node = followAlias(item);
    } else if (node.kind === "mapping") {
      const entry = entryOf(node, String(segment));
      if (entry === undefined) return offset;
      offset = entry.key.at;
      node = followAlias(entry.value);
    } else return offset;
  }
  return offset;
}

function followAlias(node: Node): Exclude<Node, { kind: "alias" }> {
  let target = node;
  while (target.kind === "alias") target = target.target;
  return target;
}

/** The entry that decides the value of a key: the last one, whether written here or merged here. */
function entryOf(mapping: MappingNode, key: string): MappingNode["entries"][number] | undefined {
  for (const entry of mapping.entries.toReversed()) {
    if (isMerge(entry.key)) {
      const source = followAlias(entry.value);
      const parts = source.kind === "sequence" ? source.items.map(followAlias) : [source];
      for (const part of parts) {
        const merged = part.kind === "mapping" ? entryOf(part, key) : undefined;
        if (merged) return merged;
      }
    } else if (keyOf(entry.key) === key) return entry;
  }
  return undefined;
}
