import type { Block } from "@ashlar/core";
import { grantClaims } from "./grant-claims.ts";
import type { GroupsIntent } from "./intent.ts";
import { bindingsOf, groupSubject, nameOfGroup, roleObject, roleObjects } from "./objects.ts";
import { CLUSTER_VIEW, CLUSTER_VIEW_RULES, roleWords } from "./role-words.ts";

/** Roles, bindings of each group, and what these promise. Total on a valid intent. */
export function buildGroups(intent: GroupsIntent): Block {
  const { groups, prefix, roles, given } = intent;
  const words = roleWords(roles, given, true);
  const usesClusterView = Object.values(groups).some(({ cluster, namespaces }) =>
    [cluster, ...Object.values(namespaces)].flat().includes(CLUSTER_VIEW),
  );
  const isOthers = Object.hasOwn(roles, CLUSTER_VIEW) || given.clusterRoles.includes(CLUSTER_VIEW);
  return {
    resources: [
      ...(usesClusterView && !isOthers ? [roleObject(CLUSTER_VIEW, undefined, CLUSTER_VIEW_RULES)] : []),
      ...roleObjects(roles),
      ...Object.entries(groups).flatMap(([name, grants]) =>
        bindingsOf(nameOfGroup(name), groupSubject(`${prefix}${name}`), grants, words),
      ),
    ],
    patches: [],
    documents: [],
    steps: [],
    claims: Object.entries(groups).flatMap(([name, grants]) => {
      const subject = { kind: "group", name: `${prefix}${name}` } as const;
      const isReserved = name === "anyone" || name === "anonymous";
      return grantClaims({ by: "groups", subject, ...(!isReserved && { word: name }) }, grants, words);
    }),
  };
}
