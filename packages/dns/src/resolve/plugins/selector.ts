import type { Requirement } from "@ashlar/core";

/**
 * A label selector in its text form (`app=web,tier in (a,b),!old`), as the arguments of an option, which CoreDNS joins by blanks.
 * CoreDNS does not start with one that cannot be read; here such a part is left out.
 */
export function selectorOf(args: readonly string[] | undefined): Requirement[] {
  const parts = (args ?? []).join(" ").match(/(?:[^,()]|\([^)]*\))+/g) ?? [];
  return parts.flatMap((part): Requirement[] => {
    const text = part.trim();
    const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
    if (set) {
      const values = set[3]!.split(",").map((value) => value.trim());
      return [{ key: set[1]!, operator: set[2] === "in" ? "In" : "NotIn", values }];
    }
    const equal = /^([^!=\s]+)\s*(!=|==?)\s*(\S*)$/.exec(text);
    if (equal) return [{ key: equal[1]!, operator: equal[2] === "!=" ? "NotIn" : "In", values: [equal[3]!] }];
    const bare = /^(!?)\s*([^!=\s]+)$/.exec(text);
    return bare ? [{ key: bare[2]!, operator: bare[1] === "" ? "Exists" : "DoesNotExist", values: [] }] : [];
  });
}
