import { suggest } from "@ashlar/core";
import { type AccessIdentity, type AccessModel, identityOfSubject, parseAccessClaim } from "@ashlar/iam";
import type { ObjectSet } from "../check.ts";
import { UsageError } from "./io.ts";

/**
 * Whom a word of the command line means, as claims write it: `developer` is a group of the platform, or what bindings of the
 * set name so (`oidc:developer` too); `group:`, `user:` and `serviceaccount:` say it outright.
 *
 * @throws {UsageError} when nothing of the set has the name, or several have
 */
export function subjectWord(word: string, set: ObjectSet, model: AccessModel): string {
  if (/^(group|user|serviceaccount):|^(anyone|anonymous)$/.test(word)) return word;
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(word);
  if (account) return `serviceaccount:${account[1]}/${account[2]}`;
  if (set.groups?.names.includes(word)) return word;
  const known = namedSubjects(model);
  const exact = known.filter(({ name }) => name === word);
  const found = exact.length > 0 ? exact : known.filter(({ name }) => name.endsWith(`:${word}`));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return `${only.kind}:${quoted(only.name)}`;
  if (only !== undefined)
    throw new UsageError(
      `"${word}" may be ${found.map(({ kind, name }) => `${kind}:${name}`).join(" or ")}`,
      "write one of them",
    );
  throw new UsageError(
    `no binding names "${word}"`,
    `${suggest(word, [...(set.groups?.names ?? []), ...known.map(({ name }) => name)])}, or say what it is: group:${word}, user:${word}, serviceaccount:NAMESPACE/NAME`,
  );
}

/** Who the words mean, as the authorizer sees them. */
export function identitiesOf(
  words: readonly string[],
  set: ObjectSet,
  model: AccessModel,
): (AccessIdentity & { readonly label: string })[] {
  return words.map((word) => {
    const claim = parseAccessClaim(`${subjectWord(word, set, model)} can get pods`, {
      groups: set.groups?.names ?? [],
      groupsPrefix: set.groups?.prefix ?? "",
      by: "subject",
    });
    if (!claim.ok) throw new UsageError(claim.findings[0]?.message ?? "", claim.findings[0]?.hint);
    return { ...identityOfSubject(claim.value.subject), label: word };
  });
}

function namedSubjects(model: AccessModel): { readonly kind: "group" | "user"; readonly name: string }[] {
  return [
    ...[...model.groups.keys()].map((name) => ({ kind: "group" as const, name })),
    ...[...model.users.keys()]
      .filter((name) => !name.startsWith("system:serviceaccount:"))
      .map((name) => ({ kind: "user" as const, name })),
  ];
}

/** A word of a claim stands in quotes when it holds a space. */
export function quoted(word: string): string {
  return /[\s"]/.test(word) ? JSON.stringify(word) : word;
}
