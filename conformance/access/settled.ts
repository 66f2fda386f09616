import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../components/api-client.ts";
import { rbacObjects } from "./builtin-rbac.ts";

const QUIET_MS = 1_500;
const PATIENCE_MS = 30_000;

/**
 * Waits until the server's RBAC objects have stayed as they are for a while: the aggregation controller is done, and the
 * authorizer's own copy, which follows the store by a moment, holds them too.
 */
export async function settled(server: Pick<ApiClient, "get">): Promise<void> {
  const start = performance.now();
  let before = "";
  let since = start;
  for (;;) {
    const now = JSON.stringify(await rbacObjects(server));
    if (now !== before) since = performance.now();
    else if (performance.now() - since >= QUIET_MS) return;
    if (performance.now() - start > PATIENCE_MS)
      throw new Error(`the RBAC objects still change after ${PATIENCE_MS / 1000} s`);
    before = now;
    await sleep(100);
  }
}
