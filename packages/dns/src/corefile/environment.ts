/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** Letters looked through for one word, in all rounds; more is taken for a loop. */
const MAX_WORK = 50_000_000;

/** Whether a word names an environment variable, `{$NAME}` or `{%NAME%}`. */
export function namesEnvironment(text: string): boolean {
  return text.includes("{$") || text.includes("{%");
}

/**
 * The word with its environment variables put in, `{%NAME%}` first, as CoreDNS does: an unset one is empty, a value is looked
 * through again, and `{$NAME:default}` asks for a variable of that whole name.
 *
 * @returns `undefined` when the values lead back to themselves or grow without end: CoreDNS never starts then
 */
export function expandEnvironment(text: string, env: Environment): string | undefined {
  const first = expandReferences(text, "{%", "%}", env);
  return first === undefined ? undefined : expandReferences(first, "{$", "}", env);
}

function expandReferences(input: string, open: string, close: string, env: Environment): string | undefined {
  let text = input;
  let work = 0;
  for (let start = text.indexOf(open); start >= 0; start = text.indexOf(open)) {
    const end = text.indexOf(close, start);
    if (end <= start + open.length) break; // not closed, or without a name: the rest stays as it is
    const name = text.slice(start + open.length, end);
    const value = Object.hasOwn(env, name) ? env[name]! : "";
    text = text.replaceAll(`${open}${name}${close}`, () => value);
    work += text.length + 1000;
    if (work > MAX_WORK) return undefined;
  }
  return text;
}
