import { LiveError } from "../live-error.ts";

/** Gives the value of the placeholder `${NAME}`: from the environment, a file, a vault. */
export type PlaceholderSource = (name: string) => Promise<string>;

/** @throws LiveError `bad-input` when one cannot be had, or is empty; no value is in a message */
export async function placeholderValues(
  names: readonly string[],
  source: PlaceholderSource | undefined,
): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>();
  for (const name of names) {
    if (!source)
      throw new LiveError(
        "bad-input",
        `the value of \${${name}} is needed, and nothing gives it`,
        "give a function as `secret`: (name) => Promise<string>",
      );
    const value: unknown = await source(name).catch(() => undefined);
    if (typeof value !== "string" || value === "")
      throw new LiveError(
        "bad-input",
        `the value of \${${name}} could not be fetched, or is empty`,
        "set it where `secret` looks for it",
      );
    values.set(name, value);
  }
  return values;
}
