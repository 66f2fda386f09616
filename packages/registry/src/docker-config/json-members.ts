const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;
/** Go's encoding/json goes no deeper. */
const DEEPEST = 10_000;

/** A member of a JSON object: its name, and its value as text. */
export interface Member {
  readonly name: string;
  readonly value: string;
}

/** Whether Go's encoding/json takes a text for JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
  } catch {
    return false;
  }
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth > DEEPEST) return false;
  }
  return true;
}

/**
 * The members of a JSON object in their order, each as often as it stands there (`JSON.parse` keeps the last of equal names).
 * `undefined`: it is JSON, and no object.
 *
 * @param text valid JSON
 */
export function membersOf(text: string): readonly Member[] | undefined {
  const members: Member[] = [];
  let depth = 0;
  let name: string | undefined;
  let start = -1;
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    if (depth === 0 && token !== "{") return undefined;
    if (depth === 1 && name === undefined && token.startsWith('"')) {
      name = JSON.parse(token) as string;
      continue;
    }
    const ends = depth === 1 && (token === "," || token === "}");
    if (ends && name !== undefined) {
      members.push({ name, value: text.slice(start, match.index).trim() });
      name = undefined;
      start = -1;
    } else if (depth === 1 && start < 0 && token !== ":" && name !== undefined) start = match.index;
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
  }
  return members;
}

/**
 * Which of a Go struct's fields a member is for: by its exact name, else without regard to case, where ſ and K (Kelvin) stand
 * for s and k.
 */
export function fieldNamed<Name extends string>(member: string, fields: readonly Name[]): Name | undefined {
  const folded = member.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
  return fields.find((field) => field === member) ?? fields.find((field) => field.toLowerCase() === folded);
}
