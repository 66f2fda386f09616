import type { AccessRule } from "../../rbac/objects.ts";

/** Something that a request asks for: `{ verb: "create", group: "", resource: "pods/exec" }`. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, as rules write it. */
  readonly resource: string;
}

/** Whether a rule grants a right on objects of any name or of those in `resourceNames` (`pkg/apis/rbac/v1/evaluation_helpers.go`). */
export function grants(rule: AccessRule, { verb, group, resource }: Right): boolean {
  return (
    hasWord(rule.verbs, verb) && hasWord(rule.apiGroups, group) && namesResource(rule.resources, resource)
  );
}

/** Whether a rule grants the right on objects of every name. */
export function grantsAll(rule: AccessRule, right: Right): boolean {
  return rule.resourceNames.length === 0 && grants(rule, right);
}

/** Whether a rule grants everything there is: what cluster-admin does, URLs aside. */
export function isEverything(rule: AccessRule): boolean {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  return [verbs, apiGroups, resources].every((list) => list.includes("*")) && resourceNames.length === 0;
}

// `*/scale` is a subresource of every resource; no other pattern is one.
function namesResource(resources: readonly string[], resource: string): boolean {
  if (hasWord(resources, resource)) return true;
  const slash = resource.indexOf("/");
  return slash >= 0 && resources.includes(`*${resource.slice(slash)}`);
}

function hasWord(list: readonly string[], word: string): boolean {
  return list.includes(word) || list.includes("*");
}
