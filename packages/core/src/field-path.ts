/** One step of a field path: the key of an object or the index of a list. */
export type PathSegment = string | number;

const CHILD = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;
const BARE_KEY = /^[^[\]"]*[^[\]"0-9][^[\]"]*$/;

/**
 * A field path as the API server prints it (`field.Path` of apimachinery): children after a dot, indexes and keys that
 * are no plain words in brackets. A key that would be mistaken for something else in brackets (only digits, empty, or
 * with `[`, `]` or `"` in it) is quoted as in JSON. The empty path is the whole object.
 *
 * @example formatPath(["spec", "ingress", 0, "from"]) // "spec.ingress[0].from"
 * @example formatPath(["metadata", "labels", "app.kubernetes.io/name"]) // "metadata.labels[app.kubernetes.io/name]"
 */
export function formatPath(segments: readonly PathSegment[]): string {
  let text = "";
  for (const segment of segments) {
    if (typeof segment === "number") text += `[${segment}]`;
    else if (CHILD.test(segment)) text += text === "" ? segment : `.${segment}`;
    else text += `[${BARE_KEY.test(segment) ? segment : JSON.stringify(segment)}]`;
  }
  return text;
}

/**
 * The steps of a field path, the inverse of `formatPath`. Total: whatever does not look like a path becomes keys, so
 * that a path out of a foreign message can be tried too. Digits in brackets are an index.
 *
 * @example parsePath("spec.ports[0].name") // ["spec", "ports", 0, "name"]
 */
export function parsePath(text: string): PathSegment[] {
  const segments: PathSegment[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === "[") {
      const [segment, end] = bracket(text, at);
      segments.push(segment);
      at = end;
    } else {
      if (text[at] === ".") at++;
      const start = at;
      while (at < text.length && text[at] !== "." && text[at] !== "[") at++;
      if (at > start) segments.push(text.slice(start, at));
    }
  }
  return segments;
}

/** The segment in brackets that opens at `open`, and where the text goes on. */
function bracket(text: string, open: number): [PathSegment, number] {
  const quoted = /"(?:[^"\\]|\\.)*"\]/y;
  quoted.lastIndex = open + 1;
  const match = quoted.exec(text);
  if (match) {
    const key = unquote(match[0].slice(0, -1));
    if (key !== undefined) return [key, quoted.lastIndex];
  }
  const close = text.indexOf("]", open);
  const end = close < 0 ? text.length : close;
  const inner = text.slice(open + 1, end);
  return [/^(0|[1-9][0-9]{0,14})$/.test(inner) ? Number(inner) : inner, end + 1];
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
