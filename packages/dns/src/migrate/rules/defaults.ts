import type { ServerBlock } from "../../corefile/ast.ts";
import { compareReleases } from "../../plugins/table.ts";
import { atBodyEnd, below, withOption } from "../edits.ts";
import { directivesOf, type MigrationRule, optionsOf, type Stage } from "../stage.ts";

/** What Kubernetes' default Corefile gained with a release; not for a file that is from that release or later. */
function gained(version: string, run: (stage: Stage) => void): MigrationRule {
  return {
    version,
    run: (stage) => {
      if (stage.choices.defaults !== "leave" && compareReleases(stage.from, version) < 0) run(stage);
    },
  };
}

export const loop: MigrationRule = gained("1.2.1", (stage) =>
  addPlugin(
    stage,
    "loop",
    ["forward", "proxy"],
    "when forwarded queries come back to CoreDNS, it ends with a message instead of going in circles; in Kubernetes' default since 1.2.1",
  ),
);

export const ready: MigrationRule = gained("1.5.0", (stage) =>
  addPlugin(
    stage,
    "ready",
    ["kubernetes"],
    "tells the readiness probe (port 8181) when the plugins can answer; in Kubernetes' default since 1.5.0",
  ),
);

function addPlugin(stage: Stage, plugin: string, beside: readonly string[], why: string): void {
  for (const server of stage.tree.items) {
    if (server.kind !== "server" || server.keys.length === 0) continue;
    const has = stage.effective(server)?.plugins;
    if (!has || has.has(plugin) || !beside.some((name) => has.has(name))) continue;
    const [neighbour] = directivesOf({ tree: { ...stage.tree, items: [server] } }, ...beside);
    stage.change({
      plugin,
      what: `${plugin} is added to ${keysOf(server)}`,
      why,
      node: neighbour?.directive ?? server,
      splices: [
        neighbour
          ? below(stage.text, neighbour.directive, [{ line: plugin }])
          : atBodyEnd(stage.text, server, [{ line: plugin }]),
      ],
    });
  }
}

function keysOf({ keys }: ServerBlock): string {
  return keys.map((key) => key.raw).join(" ");
}

export const lameduck: MigrationRule = gained("1.6.5", (stage) =>
  addOption(
    stage,
    "health",
    "lameduck",
    "5s",
    "an ending pod answers 5 s longer, while the cluster stops sending it queries; in Kubernetes' default since 1.6.5",
  ),
);

export const maxConcurrent: MigrationRule = gained("1.7.0", (stage) =>
  addOption(
    stage,
    "forward",
    "max_concurrent",
    "1000",
    "queries beyond 1000 at a time get an answer at once (REFUSED) instead of filling the memory while a resolver is slow; in Kubernetes' default since 1.7.0",
  ),
);

function addOption(stage: Stage, plugin: string, option: string, value: string, why: string): void {
  for (const { directive } of directivesOf(stage, plugin)) {
    const imports = directive.block?.body.some((item) => item.kind === "import") ?? false;
    if (imports || optionsOf(directive, option).length > 0) continue;
    stage.change({
      plugin,
      option,
      what: `${option} ${value} is added`,
      why,
      node: directive,
      splices: [withOption(stage.text, directive, `${option} ${value}`)],
    });
  }
}
