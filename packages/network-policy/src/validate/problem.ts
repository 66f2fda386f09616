/** Something that the API server refuses, before it is tied to an object and a place. */
export interface Problem {
  /** The field as the server names it: `spec.ingress[0].from[1].ipBlock.cidr`. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint: string;
  /**
   * The path to look up in the text, where the server's own is coarser than what is known: it names `metadata.labels` for
   * a bad label, whose line is that of `metadata.labels[team]`.
   */
  readonly where?: string;
}

/** A value for messages: strings in quotes and cut, lists and mappings by their kind alone. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}, which is not JSON`;
}

const SHOWN_CHARACTERS = 80;

/** A string in quotes, control characters escaped, cut after 80 characters. */
export function quoted(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}… (${text.length} characters)`;
}
