import { type BlockBuilder, defineBlock } from "@ashlar/core";
import { buildGroups } from "./build.ts";
import { type GroupsInput, groupsIntent } from "./intent.ts";

/**
 * Groups of tokens and what they may do: a binding for each role and place, the ClusterRole `cluster-view` where it is used, and
 * roles of one's own. Promises that each grant works, and that groups which may only view write nothing and read no Secret.
 *
 * Role words: `cluster-admin`, `admin`, `edit`, `view` (every cluster has them), `cluster-view` (get, list and watch namespaces,
 * nodes, persistentvolumes, roles, clusterroles, storageclasses and cert-manager's certificates), own `roles`, `given` ones.
 *
 * @throws {IntentError} with every finding
 * @example
 * groups({
 *   groups: {
 *     operator: { cluster: ["cluster-admin"] },
 *     developer: { cluster: ["cluster-view"], namespaces: { default: ["view"], prod: ["view"], dev: ["admin"] } },
 *   },
 * })
 */
export const groups: BlockBuilder<GroupsInput> = defineBlock({
  name: "iam/groups",
  intent: groupsIntent,
  build: buildGroups,
});
