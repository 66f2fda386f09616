import type { Resource } from "@ashlar/core";
import { BUILTIN } from "./data/builtin-1.36.3.ts";

/** The version of Kubernetes that the built-in roles and bindings were read from. */
export const BUILTIN_VERSION = "1.36.3";

let parsed: readonly Resource[] | undefined;

/**
 * The roles and bindings that a cluster makes by itself (ClusterRoles such as `admin` and `system:node`, with the rules that
 * aggregation gives them). Read from a live Kubernetes 1.36.3, parsed on the first call.
 */
export function builtinRbac(): readonly Resource[] {
  parsed ??= BUILTIN.split("\n").map(
    (line) => ({ apiVersion: "rbac.authorization.k8s.io/v1", ...JSON.parse(line) }) as Resource,
  );
  return parsed;
}
