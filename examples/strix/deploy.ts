// A deploy script: `node deploy.ts CONTEXT`. What a pipeline does with `ashlar apply`, with decisions of one's own between the steps.
import { apply, brokenClaims, connectCluster, LiveError, plan } from "ashlar/live";
import platform from "./platform.ts";

try {
  const [context] = process.argv.slice(2);
  const cluster = await connectCluster({ ...(context !== undefined && { context }) });
  const planned = await plan(platform, cluster, { prune: true });
  for (const change of planned.meaning.network)
    console.log(`${change.change}: ${change.from} → ${change.to}`);
  for (const { claim } of brokenClaims(planned)) console.error(`would not hold: ${claim.text}`);
  let left = 0;
  for await (const event of apply(planned, { waitSeconds: 300 })) {
    if (event.type === "done") left = event.summary.left + event.summary.notReady;
    else console.log(event.type, event.ref.kind, event.ref.name);
  }
  process.exitCode = left > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof LiveError)) throw error;
  console.error(`${error.message}\n  → ${error.hint}`);
  process.exitCode = 2;
}
