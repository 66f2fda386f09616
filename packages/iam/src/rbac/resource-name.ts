/** A resource of the API as RBAC names it. */
export interface AccessResource {
  /** API group; empty: core. */
  readonly group: string;
  /** Plural name: `deployments`. */
  readonly resource: string;
  /** `scale` of `deployments/scale`; empty: the resource itself. */
  readonly subresource: string;
}

/** `pods`, `pods/log`, `deployments.apps`, `deployments.apps/scale` in parts. A group follows the first dot. */
export function parseAccessResource(text: string): AccessResource {
  const { name, subresource } = splitResource(text);
  const dot = name.indexOf(".");
  if (dot < 0) return { group: "", resource: name, subresource };
  return { group: name.slice(dot + 1), resource: name.slice(0, dot), subresource };
}

/** The inverse of `parseAccessResource`. */
export function formatAccessResource({ group, resource, subresource }: AccessResource): string {
  return `${resource}${group === "" ? "" : `.${group}`}${subresource === "" ? "" : `/${subresource}`}`;
}

/** The words of a rule's `resources` in parts: `pods/log`, `*` + `/scale`. */
export function splitResource(text: string): { readonly name: string; readonly subresource: string } {
  const slash = text.indexOf("/");
  if (slash < 0 || slash === text.length - 1) return { name: text, subresource: "" };
  return { name: text.slice(0, slash), subresource: text.slice(slash + 1) };
}
