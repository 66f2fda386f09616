import type { Resource } from "@ashlar/core";
import { access } from "./access.ts";
import { configuration } from "./configuration.ts";
import { networking } from "./networking.ts";
import { workloads } from "./workloads.ts";

/**
 * One object or more of each built-in kind that a platform writes, each accepted by the real server as it stands, with as
 * many fields as can stand together: what a suite of mutations starts from. All are of the namespace `default` or of none.
 */
export const rightObjects: readonly Resource[] = [...configuration, ...workloads, ...networking, ...access];
