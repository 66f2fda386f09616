import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, parsePath, type Resource } from "@ashlar/core";
import type { Answer } from "../components/api-client.ts";
import type { ControlPlane } from "../components/control-plane.ts";

/** What is said of a custom resource, by the server or by us. */
export type CustomVerdict =
  | { readonly kind: "accepted" }
  /** Metadata that cannot be decoded. */
  | { readonly kind: "metadata" }
  /** Fields that are not in the schema, and values that it does not allow: the server looks for these when there are none of those. */
  | { readonly kind: "refused"; readonly unknown: readonly string[]; readonly values: readonly string[] };

/** Creates a definition, and gives what tries custom resources of it (strictly, dry) when the server serves them. */
export async function customResourceServer(
  server: ControlPlane,
  definition: Resource,
): Promise<(object: Resource) => Promise<Answer>> {
  const created = await server.create(definition);
  if (!created.accepted) throw new Error(created.status.message);
  const { group, names, versions } = definition.spec as {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string }[];
  };
  const path = `/apis/${group}/${versions[0]!.name}/namespaces/default/${names.plural}`;
  for (let i = 0; (await server.get(path)).code !== 200; i++) {
    if (i > 300) throw new Error(`the server does not serve ${path}`);
    await sleep(100);
  }
  return (object) =>
    server.createText(path, JSON.stringify(object), { dryRun: true, fieldValidation: "Strict" });
}

export function serverCustom(answer: Answer): CustomVerdict {
  if (answer.accepted) return { kind: "accepted" };
  const { code, message, details } = answer.status;
  if (code === 400 && message.includes("strict decoding error")) {
    const fields = [...message.matchAll(/unknown field ("(?:[^"\\]|\\.)*")/g)];
    return {
      kind: "refused",
      unknown: set(fields.map((match) => JSON.parse(match[1]!) as string)),
      values: [],
    };
  }
  if (code === 400) return { kind: "metadata" };
  if (code !== 422) throw new Error(JSON.stringify(answer.status));
  const fields = (details?.causes ?? []).map(({ field = "", message = "" }) =>
    field === "<nil>"
      ? (/"([^"]+)" must validate| in (\S+)$/.exec(message)?.slice(1).find(Boolean) ?? field)
      : field,
  );
  // Names and labels are not of the structure. Where a mapping is none the scale subresource finds nothing: ".spec.beds".
  const values = set(fields.filter((field) => !/^\.|^(spec\.shed\.)?metadata\b/.test(field)));
  return values.length === 0 ? { kind: "accepted" } : { kind: "refused", unknown: [], values };
}

export function ourCustom(problems: readonly Pick<Finding, "path" | "message">[]): CustomVerdict {
  if (problems.length === 0) return { kind: "accepted" };
  const paths = (some: readonly { readonly path: string }[]) => set(some.map(({ path }) => printed(path)));
  const unknown = problems.filter(({ message }) => message.includes(" is not a field of "));
  const others = problems.filter((problem) => !unknown.includes(problem));
  if (
    others.some(
      ({ path, message }) =>
        / must be (a string|a map|a list|a time|true|a whole)/.test(message) &&
        /^(spec\.shed\.(apiVersion|kind)$|(spec\.shed\.)?metadata\b)/.test(path),
    )
  )
    return { kind: "metadata" };
  return { kind: "refused", unknown: paths(unknown), values: paths(others) };
}

export function sameCustom(theirs: CustomVerdict, ours: CustomVerdict): boolean {
  if (theirs.kind !== "refused" || ours.kind !== "refused") return theirs.kind === ours.kind;
  // A mapping where none belongs is of a wrong type for us; for the server each of its fields is unknown.
  const isBelow = (field: string) =>
    ours.values.some((path) => field.startsWith(`${path}.`) || field.startsWith(`${path}[`));
  if (theirs.unknown.length > 0)
    return (
      theirs.unknown.every((field) => ours.unknown.includes(field) || isBelow(field)) &&
      ours.unknown.every((field) => theirs.unknown.includes(field))
    );
  // Of oneOf and its like the server adds what one of the branches misses.
  return (
    ours.unknown.length === 0 &&
    theirs.values.every((field) => ours.values.includes(field) || isBelow(field)) &&
    ours.values.every((field) => theirs.values.includes(field))
  );
}

/** A path as the server prints it: keys after a dot, whatever they are. */
function printed(path: string): string {
  return parsePath(path).reduce<string>(
    (text, segment, i) =>
      text + (typeof segment === "number" ? `[${segment}]` : i === 0 ? segment : `.${segment}`),
    "",
  );
}

function set(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
