import { formatPath, type PathSegment, parsePath, type ResourceRef } from "@ashlar/core";

/** An object as suppressions, baselines and `--assume` name it: `prod/NetworkPolicy/closed`, `ClusterRole/admin`. */
export function subjectText({ kind, namespace, name }: ResourceRef): string {
  return namespace === undefined ? `${kind}/${name}` : `${namespace}/${kind}/${name}`;
}

/** What is wrong with such a name, or `undefined`. */
export function subjectProblem(
  text: string,
): { readonly message: string; readonly hint: string } | undefined {
  const parts = text.split("/");
  const message = `expected NAMESPACE/KIND/NAME, or KIND/NAME of a cluster-scoped object, got "${text}"`;
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => part === "" || /\s/.test(part)))
    return { message, hint: "write it as prod/Secret/db or ClusterRole/admin" };
  const kind = parts.at(-2) as string;
  if (!/^[A-Z][A-Za-z0-9]*$/.test(kind))
    return { message, hint: `"${kind}" is no kind: write it as in the object, prod/Secret/db` };
  return undefined;
}

/** Whether a field is another one or inside it, by steps: `spec.rules[0].host` is in `spec.rules[0]`. */
export function isWithin(path: string, ancestor: string): boolean {
  const steps = parsePath(path);
  const above = parsePath(ancestor);
  return above.length <= steps.length && above.every((step, i) => sameStep(step, steps[i]));
}

function sameStep(a: PathSegment, b: PathSegment | undefined): boolean {
  return b !== undefined && formatPath([a]) === formatPath([b]);
}
