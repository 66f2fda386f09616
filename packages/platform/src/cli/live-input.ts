import { isMadeByController } from "@ashlar/core/live";
import type { ObjectSet } from "../check.ts";
import type { Question } from "../live/live-kinds.ts";
import { liveSet, questionsOf, unprovable } from "../live/live-set.ts";
import { readCluster } from "../live/read-cluster.ts";
import { findingsOfUnread } from "../live/unread.ts";
import type { Arguments } from "./arguments.ts";
import { withCluster } from "./cluster-options.ts";
import type { Io } from "./io.ts";
import type { Loaded } from "./load.ts";

/**
 * What a cluster holds, as far as the questions need it; with a platform, its claims and words beside it. A kind that may not be
 * read is a finding: a warning where only some answers hang on it, an error where the one answer does.
 */
export function loadCluster(
  local: Loaded | undefined,
  args: Arguments,
  io: Io,
  questions: readonly Question[],
): Promise<Loaded> {
  return withCluster(args, io, async (cluster) => {
    const platform = local?.platform;
    const isCheck = questions.includes("rules");
    const all = [...questions, ...(isCheck && platform ? questionsOf(platform.block.claims) : [])];
    const known = [cluster.namespace, ...Object.values(platform?.environments ?? {}).flat()];
    const found = await readCluster(cluster, [...new Set(all)], [...new Set(known)]);
    const resources = isCheck
      ? found.resources.filter((resource) => !isMadeByController(resource))
      : found.resources;
    const set: ObjectSet = platform
      ? liveSet(platform, resources, found)
      : { resources, partial: found.partial, unprovable: unprovable(found.unread) };
    return {
      name: `context ${cluster.context}`,
      // Where everything was read, what is missing is missing.
      set: { ...set, whole: found.unread.length === 0 },
      findings: [
        ...(local?.findings ?? []),
        ...findingsOfUnread(found.unread, isCheck ? "warning" : "error"),
      ],
    };
  });
}
