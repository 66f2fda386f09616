import type { ApiClient } from "../components/api-client.ts";
import type { Ask } from "./rbac-authorizer.ts";

export interface Review {
  readonly allowed: boolean;
  readonly reason: string;
}

/** How many reviews are under way at once. */
const AT_ONCE = 8;

/** What the server's authorizer says, by SubjectAccessReviews: in the order of the requests. */
export async function reviewAll(
  server: Pick<ApiClient, "create">,
  asks: readonly Ask[],
): Promise<readonly Review[]> {
  const reviews: Review[] = [];
  const rest = asks.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [i, ask] of rest) reviews[i] = await review(server, ask);
    }),
  );
  return reviews;
}

async function review(server: Pick<ApiClient, "create">, ask: Ask): Promise<Review> {
  const { user, groups, path, verb, ...resourceAttributes } = ask;
  const asked =
    path === undefined
      ? { resourceAttributes: { verb, ...resourceAttributes } }
      : { nonResourceAttributes: { verb, path } };
  const answer = await server.create({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: { name: "" },
    spec: { user, groups, ...asked },
  });
  if (!answer.accepted) throw new Error(`${JSON.stringify(ask)}: ${answer.status.message}`);
  const { allowed, reason = "" } = answer.object.status as { allowed: boolean; reason?: string };
  return { allowed, reason };
}

/**
 * A reason whose errors are in a fixed order: the server collects them in the order of a Go map, which changes from call to
 * call (the same error is there once).
 */
export function withSortedErrors(reason: string): string {
  const list = /^RBAC: \[(.*)\]$/s.exec(reason)?.[1];
  if (list === undefined) return reason;
  return `RBAC: [${list
    .split(/(?<= not found), /)
    .sort()
    .join(", ")}]`;
}

/** The binding that an allowing reason names: `ClusterRoleBinding` or `RoleBinding`, and its quoted name. */
export function bindingOf(reason: string): { readonly kind: string; readonly quoted: string } | undefined {
  const found = /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) ("(?:[^"\\]|\\.)*") of /.exec(reason);
  return found ? { kind: found[1]!, quoted: found[2]! } : undefined;
}
