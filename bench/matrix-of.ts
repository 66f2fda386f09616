import { networkModel, type ReachMatrix, reachMatrix } from "@ashlar/network-policy";
import type { Cluster } from "./cluster.ts";

/** The port that every comparison asks about. */
export const ASKED = { port: 8080, protocol: "TCP" } as const;

/** From parsed objects to the matrix on one port. */
export function matrixOf({ namespaces, pods, policies }: Cluster): ReachMatrix {
  return reachMatrix(networkModel([...namespaces, ...pods, ...policies]), ASKED);
}
