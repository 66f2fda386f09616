import { formatPath, type PathSegment } from "../field-path.ts";
import { isRecord } from "../json.ts";
import { definitionOf, type ValueType } from "./definitions.ts";

/** How far below a place a field is looked for: a container's own fields from the spec of a Deployment. */
const LEVELS = 5;

/**
 * Where else in an object a field of this name is known: first on the way up from where it stands (it is indented too far),
 * then below (not far enough), then anywhere. `undefined`: nowhere.
 *
 * @param definition of the object: `apps.v1.Deployment`
 * @param segments the path of the field
 * @example placeOf("image", "v1.Pod", pod, ["spec", "image"]) // "spec.containers[]"
 */
export function placeOf(
  field: string,
  definition: string,
  object: unknown,
  segments: readonly PathSegment[],
): string | undefined {
  const way = structsOnTheWay(definition, object, segments.slice(0, -1));
  const here = way.pop();
  for (const above of [...way].reverse())
    if (definitionOf(above.definition).has(field)) return described(above.path);
  for (const start of here ? [here, ...way.reverse()] : way) {
    const below = findBelow(field, start.definition);
    if (below !== undefined)
      return described(start.path) === "the object" ? below : `${described(start.path)}.${below}`;
  }
  return undefined;
}

interface StructAt {
  readonly definition: string;
  readonly path: string;
}

function described(path: string): string {
  return path === "" ? "the object" : path;
}

/** Every struct from the object down to the one at the path, that one last. */
function structsOnTheWay(definition: string, object: unknown, segments: readonly PathSegment[]): StructAt[] {
  const way: StructAt[] = [{ definition, path: "" }];
  let type: ValueType | undefined = { kind: "struct", name: definition };
  let value = object;
  for (const [i, segment] of segments.entries()) {
    type = typeBelow(type, segment);
    value =
      isRecord(value) || Array.isArray(value) ? (value as Record<PathSegment, unknown>)[segment] : undefined;
    if (type === undefined) break;
    if (type.kind === "struct" && isRecord(value))
      way.push({ definition: type.name, path: formatPath(segments.slice(0, i + 1)) });
  }
  return way;
}

function typeBelow(type: ValueType | undefined, segment: PathSegment): ValueType | undefined {
  if (type?.kind === "struct") return definitionOf(type.name).get(String(segment))?.type;
  return type?.kind === "list" || type?.kind === "map" ? type.of : undefined;
}

/** Nobody means a field of these by accident. */
const NOT_WRITTEN = new Set(["metadata", "status"]);

/** Breadth first, so that the nearest place is named: `spec.template.spec.containers[]`. */
function findBelow(field: string, definition: string): string | undefined {
  let level: StructAt[] = [{ definition, path: "" }];
  const seen = new Set([definition]);
  for (let depth = 0; depth < LEVELS; depth++) {
    const next: StructAt[] = [];
    for (const { definition, path } of level)
      for (const [name, { type }] of definitionOf(definition)) {
        const { struct, suffix } = structOf(type);
        if (struct === undefined || seen.has(struct) || NOT_WRITTEN.has(name)) continue;
        seen.add(struct);
        const at = `${path === "" ? "" : `${path}.`}${name}${suffix}`;
        if (definitionOf(struct).has(field)) return at;
        next.push({ definition: struct, path: at });
      }
    level = next;
  }
  return undefined;
}

function structOf(type: ValueType): { readonly struct?: string; readonly suffix: string } {
  if (type.kind === "struct") return { struct: type.name, suffix: "" };
  if (type.kind === "scalar") return { suffix: "" };
  const { struct, suffix } = structOf(type.of);
  return {
    ...(struct !== undefined && { struct }),
    suffix: `${type.kind === "list" ? "[]" : "[*]"}${suffix}`,
  };
}
