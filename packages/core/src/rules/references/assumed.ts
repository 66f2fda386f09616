import type { Target } from "./target.ts";

/** Whether an object lives elsewhere, as `assume` of the inventory says. */
export type Assumed = (target: Target, namespace: string | undefined, name: string) => boolean;

/**
 * Reads `NAMESPACE/KIND/NAME` and `KIND/NAME`. Kinds in any case, as kubectl takes them. Where the manifest names no
 * namespace, any namespace fits.
 */
export function assumed(entries: readonly string[] = []): Assumed {
  const scoped = new Set<string>();
  const anywhere = new Set<string>();
  for (const entry of entries) {
    const parts = entry.split("/");
    const [kind = "", name = ""] = parts.slice(-2);
    const key = `${kind.toLowerCase()}/${name}`;
    anywhere.add(key);
    if (parts.length > 2) scoped.add(`${parts[0]}/${key}`);
    else scoped.add(key);
  }
  return ({ kind, namespaced }, namespace, name) => {
    const key = `${kind.toLowerCase()}/${name}`;
    if (!namespaced) return scoped.has(key);
    return namespace === undefined ? anywhere.has(key) : scoped.has(`${namespace}/${key}`);
  };
}
