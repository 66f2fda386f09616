/**
 * A process that plans and applies when it is told to, for tests that end it: `go` with a version, then `abort`. What it takes to
 * start is done before.
 */
import { connectCluster } from "@ashlar/core/live";
import { apply, plan } from "ashlar/live";
import { faultPlatform, SOURCES, type Version } from "./platform.ts";

export type Order = { readonly go: Version; readonly suffix: string; readonly kubeconfig: string } | "abort";

const stop = new AbortController();
// Loads what a first connection loads.
await connectCluster({ kubeconfig: process.argv[2]! });
const say = (word: object) => process.send?.(word);
process.on("message", async (order: Order) => {
  if (order === "abort") return stop.abort();
  try {
    const cluster = await connectCluster({ kubeconfig: order.kubeconfig, signal: stop.signal });
    const planned = await plan(faultPlatform(order.go, order.suffix), cluster, {
      env: SOURCES.env,
      prune: true,
    });
    for await (const _ of apply(planned));
    say({ ended: "done" });
  } catch (error) {
    say({ ended: (error as { readonly code?: string }).code ?? String(error) });
  }
  // Nothing else may keep this process.
  process.disconnect();
});
say({ ready: true });
