/** Starts a control plane, prints its URL and never stops it: what an interrupted run is, for the test that nothing stays. */
import { startControlPlane } from "./control-plane.ts";

console.log((await startControlPlane()).url);
setInterval(() => undefined, 60_000);
