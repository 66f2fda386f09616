/**
 * Starts a control plane, prints its URL and never stops it: what an interrupted run is, for the tests that nothing stays.
 * With the argument `kubelet` it has one.
 */
import { startControlPlane } from "./control-plane.ts";

console.log((await startControlPlane({ kubelet: process.argv.includes("kubelet") })).url);
setInterval(() => undefined, 60_000);
