import { type Resource, refKey, refOf } from "@ashlar/core";
import { type ObjectSet, objectSet } from "../check.ts";
import type { Platform } from "../define-platform.ts";
import { QUESTION_OF, type Question } from "./live-kinds.ts";
import type { ClusterObjects } from "./read-cluster.ts";
import { findingsOfUnread, type Unread } from "./unread.ts";

/** The questions that a platform's claims ask. */
export function questionsOf(claims: ObjectSet["claims"] = []): Question[] {
  return [...new Set(claims.flatMap(({ kind }) => QUESTION_OF[kind] ?? []))];
}

/**
 * What models are asked about when a platform meets a cluster: the cluster's objects, with what the platform says beside its
 * own ones (claims, versions, groups). What it takes as given and the cluster does not have yet counts as said.
 */
export function liveSet(
  platform: Platform,
  resources: readonly Resource[],
  { partial, unread }: Pick<ClusterObjects, "partial" | "unread">,
): ObjectSet {
  const { sealed: _, locate: __, partialNamespaces: ___, ...set } = objectSet(platform);
  const known = new Set(resources.map((resource) => refKey(refOf(resource))));
  const given = platform.given.filter((resource) => !known.has(refKey(refOf(resource))));
  return { ...set, resources: [...resources, ...given], partial, unprovable: unprovable(unread) };
}

/** Claims that hang on what could not be read: they are unknown, not proved over nothing. */
export function unprovable(unread: readonly Unread[]): NonNullable<ObjectSet["unprovable"]> {
  const entries = Object.entries(QUESTION_OF).map(
    ([kind, question]) =>
      [
        kind,
        findingsOfUnread(
          unread.filter((one) => one.question === question),
          "warning",
        ),
      ] as const,
  );
  return Object.fromEntries(entries.filter(([, findings]) => findings.length > 0));
}
