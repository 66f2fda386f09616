import type { Resource } from "@ashlar/core";
import { type AccessModel, accessModel, can } from "@ashlar/iam";
import type { ApiClient } from "../components/api-client.ts";
import { rbacObjects } from "./builtin-rbac.ts";
import type { Ask } from "./rbac-authorizer.ts";
import { bindingOf, type Review, withSortedErrors } from "./reviews.ts";

/**
 * The requests whose verdict or reason differs. Which of several allowing bindings the server names is not fixed (it goes
 * through Go maps): where it names another one of the same kind, ours has to name that one too once it comes first.
 */
export async function differences(
  server: Pick<ApiClient, "get">,
  model: AccessModel,
  asks: readonly Ask[],
  reviews: readonly Review[],
): Promise<readonly object[]> {
  const all = (await rbacObjects(server)) as readonly Resource[];
  const withFirst = new Map<string, AccessModel>();
  return asks.flatMap((ask, i) => {
    const review = reviews[i]!;
    const { allowed, reason } = can(model, ask);
    const expected = withSortedErrors(review.reason);
    if (allowed === review.allowed && withSortedErrors(reason) === expected) return [];
    const named = bindingOf(review.reason);
    if (allowed && review.allowed && named && bindingOf(reason)?.kind === named.kind) {
      const key = `${named.kind} ${named.quoted}`;
      if (!withFirst.has(key)) withFirst.set(key, accessModel(namedFirst(all, named), { builtins: false }));
      const again = can(withFirst.get(key)!, ask);
      if (again.reason === review.reason) return [];
    }
    return [{ ask, server: review, ours: { allowed, reason } }];
  });
}

function namedFirst(
  all: readonly Resource[],
  { kind, quoted }: { readonly kind: string; readonly quoted: string },
): readonly Resource[] {
  const isNamed = ({ kind: k, metadata: { name, namespace } }: Resource) =>
    k === kind && goQuoted(kind === "RoleBinding" ? `${name}/${namespace}` : name) === quoted;
  return [...all.filter(isNamed), ...all.filter((resource) => !isNamed(resource))];
}

/** Names here hold nothing but quotes, backslashes and newlines that Go writes in another way than they are. */
function goQuoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
