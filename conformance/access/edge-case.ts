import type { Resource } from "@ashlar/core";
import type { Ask } from "./rbac-authorizer.ts";

/** A point of the semantics: objects that live beside all others, and what they allow by the written rules. */
export interface EdgeCase {
  readonly title: string;
  readonly resources: readonly Resource[];
  readonly asks: readonly (readonly [ask: Ask, allowed: boolean])[];
}

/** `get pods/log.apps dev name`: verb, resource with subresource and group, namespace (`-`: none), name; or `get /path`. */
export function ask(user: string, words: string, groups: readonly string[] = []): Ask {
  const [verb = "", what = "", namespace = "-", name = ""] = words.split(" ");
  if (what.startsWith("/")) return { user, groups, verb, path: what };
  const [, resource = "", subresource = "", group = ""] = /^([^/.]*)(?:\/([^.]*))?(?:\.(.*))?$/.exec(what)!;
  return {
    user,
    groups,
    verb,
    group,
    resource,
    subresource,
    name,
    namespace: namespace === "-" ? "" : namespace,
  };
}
