import type { Bucket, Holder } from "../rbac/grants.ts";
import type { AccessModel } from "../rbac/model.ts";
import { serviceAccountUser } from "../rbac/objects.ts";
import type { AccessAction, AccessIdentity, AccessRequest } from "../rbac/request.ts";
import type { AccessClaim, ClaimSubject } from "./claim.ts";
import type { ResolvedTarget } from "./resolve-target.ts";

/** Who asks: what the API server adds to a login is added. */
export function identityOfSubject(subject: ClaimSubject): AccessIdentity {
  switch (subject.kind) {
    case "group":
      return { groups: [subject.name, "system:authenticated"] };
    case "user":
      return subject.name === "system:anonymous"
        ? { user: subject.name, groups: ["system:unauthenticated"] }
        : { user: subject.name, groups: ["system:authenticated"] };
    case "serviceAccount":
      return { serviceAccount: `${subject.namespace}/${subject.name}` };
    case "anyone":
      return { groups: ["system:authenticated"] };
    case "anonymous":
      return { user: "system:anonymous", groups: ["system:unauthenticated"] };
  }
}

/**
 * The requests that decide a claim. For `can` these are the ones that the claim names. `cannot` also speaks of every name and
 * namespace; there only those can differ from any other that a rule or a RoleBinding of the subject names.
 */
export function* requestsOf(
  claim: AccessClaim,
  target: ResolvedTarget | undefined,
  model: AccessModel,
): Generator<AccessRequest> {
  const identity = identityOfSubject(claim.subject);
  if ("path" in claim.target || target === undefined) {
    const path = "path" in claim.target ? claim.target.path : "";
    for (const verb of claim.verbs) yield { ...identity, verb, path };
    return;
  }
  const holders = claim.expect === "cannot" ? holdersOf(model, claim.subject) : [];
  const groups = claim.expect === "cannot" ? target.groups : target.groups.slice(0, 1);
  const written = {
    resource: target.resource,
    ...(target.subresource !== undefined && { subresource: target.subresource }),
  };
  for (const namespace of namespacesOf(claim, target, holders)) {
    const names = namesOf(claim, namespace, holders);
    for (const verb of claim.verbs)
      for (const name of hasName(verb, target) ? names : [undefined]) {
        const place = placeOf(target, verb, namespace, name);
        if (place !== undefined)
          for (const group of groups) yield { ...identity, verb, group, ...written, ...place };
      }
  }
}

/** What names a user and its groups in bindings. */
function holdersOf(model: AccessModel, subject: ClaimSubject): Holder[] {
  const { user = "", groups = [] } =
    subject.kind === "serviceAccount"
      ? {
          user: serviceAccountUser(subject.namespace, subject.name),
          groups: [
            "system:serviceaccounts",
            `system:serviceaccounts:${subject.namespace}`,
            "system:authenticated",
          ],
        }
      : identityOfSubject(subject);
  return [model.users.get(user), ...groups.map((group) => model.groups.get(group))].filter(
    (holder) => holder !== undefined,
  );
}

/** Empty: the cluster as a whole. */
function namespacesOf(
  claim: AccessClaim,
  target: ResolvedTarget,
  holders: readonly Holder[],
): readonly string[] {
  if (claim.scope.kind === "namespaces") return claim.scope.namespaces;
  const own =
    isNamespaces(target) || !target.isClusterScoped
      ? holders.flatMap(({ namespaces }) => [...namespaces.keys()])
      : [];
  return ["", ...new Set(own)];
}

function namesOf(
  claim: AccessClaim,
  namespace: string,
  holders: readonly Holder[],
): readonly (string | undefined)[] {
  if ("name" in claim.target && claim.target.name !== undefined) return [claim.target.name];
  if (claim.expect === "can") return [undefined];
  const names = new Set<string>();
  const collect = (bucket: Bucket | undefined) => {
    for (const { role } of bucket?.grants ?? [])
      for (const rule of role?.rules ?? []) for (const name of rule.resourceNames) names.add(name);
  };
  for (const holder of holders) {
    collect(holder.cluster);
    collect(holder.namespaces.get(namespace));
  }
  return [undefined, ...names];
}

/** Creating an object and deleting a collection name none; lists and watches may, by a field selector. */
function hasName(verb: string, { subresource }: ResolvedTarget): boolean {
  return verb !== "deletecollection" && (verb !== "create" || subresource !== undefined);
}

/**
 * Namespace and name of a request; `undefined`: the server never asks this. A request about one Namespace carries it as its
 * namespace too, so that RoleBindings there count, except a list by a field selector (RequestInfoFactory).
 */
function placeOf(
  target: ResolvedTarget,
  verb: string,
  namespace: string,
  name: string | undefined,
): Pick<AccessAction, "namespace" | "name"> | undefined {
  const named = name === undefined ? {} : { name };
  if (!isNamespaces(target)) return namespace === "" ? named : { namespace, ...named };
  if (verb === "list" || !hasName(verb, target)) return namespace === "" ? named : undefined;
  const of = name ?? namespace;
  return of === "" ? {} : { namespace: of, name: of };
}

function isNamespaces({ resource, groups }: ResolvedTarget): boolean {
  return resource === "namespaces" && groups[0] === "";
}
