import { diffResources, formatRef, type ObjectChange } from "@ashlar/core";
import { changeOfMeaning } from "../../meaning.ts";
import { type Arguments, readParams } from "../arguments.ts";
import { CLUSTER_OPTIONS, withCluster } from "../cluster-options.ts";
import { type Command, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { type ExitCode, type Io, UsageError } from "../io.ts";
import { load } from "../load.ts";
import { printJson, reportUnread } from "../output.ts";
import { formatFieldChange, printMeaning } from "../print-meaning.ts";
import { isChange, planJson, printPlan } from "../print-plan.ts";
import { paint, printable } from "../text.ts";

export const diffCommand: Command = {
  name: "diff",
  usage: "ashlar diff OLD NEW | ashlar diff PLATFORM --live [--context NAME]",
  summary: "what changed, and what it means: paths that open and close, rights gained and lost, names, URLs",
  details: `OLD and NEW are platform files, YAML or JSON files, or folders; one may be - for standard input:

  git show main:platform.yaml | ashlar diff - platform.yaml

With --live it is what ashlar apply would do, by the server's own dry run: only fields that the platform owns, what has
been applied and is no longer of the platform, and which claims would not hold then. Values of Secrets are never shown.

  ashlar diff platform.ts --live --context prod

Exit code: 0 no difference, 1 differences, 2 could not compare.`,
  options: [
    NAMESPACE,
    FORMAT,
    PARAM,
    { name: "live", help: "compare what the cluster holds with what it would after ashlar apply" },
    { name: "prune", help: "with --live: as after ashlar apply --prune" },
    ...CLUSTER_OPTIONS,
  ],
  async run(args, io) {
    if (args.has("live")) return diffLive(args, io);
    const [oldPath, newPath, ...rest] = args.positionals;
    if (oldPath === undefined || newPath === undefined || rest.length > 0)
      throw new UsageError("diff takes two paths", "write ashlar diff OLD NEW");
    if (oldPath === "-" && newPath === "-")
      throw new UsageError("OLD and NEW are both standard input", "give one of them as a file");
    const before = await loadInput([oldPath], args, io);
    const after = await loadInput([newPath], args, io);
    const unread = [before, after].map((loaded) => reportUnread(loaded, io));
    if (unread.includes(true)) return 2;
    const objects = diffResources(before.set.resources, after.set.resources);
    const meaning = changeOfMeaning(before.set, after.set);
    const differs = [objects, ...Object.values(meaning)].some(({ length }) => length > 0);
    if (args.get("format") === "json") printJson(io, { objects, ...meaning });
    else if (differs) {
      printObjects(objects, io);
      printMeaning(meaning, io);
    } else io.out("No difference.\n");
    return differs ? 1 : 0;
  },
};

/** Claims that would break count as a difference, since the cluster may hold everything else. */
async function diffLive(args: Arguments, io: Io): Promise<ExitCode> {
  const loaded = await load(args.positionals, io, {
    setOf: () => ({ resources: [] }),
    params: readParams(args),
  });
  if (reportUnread(loaded, io)) return 2;
  const { platform, name } = loaded;
  if (!platform) throw new UsageError(`${name} is no platform file`, "diff --live takes a platform.ts");
  return withCluster(args, io, async (cluster) => {
    const { plan, brokenClaims } = await import("../../live/plan.ts");
    const planned = await plan(platform, cluster, { cwd: io.cwd, prune: args.has("prune") });
    if (args.get("format") === "json") printJson(io, planJson(planned));
    else printPlan(planned, io);
    return isChange(planned) || brokenClaims(planned).length > 0 ? 1 : 0;
  });
}

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;
const COLORS = { added: "green", removed: "red", changed: "yellow" } as const;

function printObjects(objects: readonly ObjectChange[], io: Io): void {
  for (const { change, ref, fields } of objects) {
    io.out(`${paint(io, COLORS[change], `${SIGNS[change]} ${printable(formatRef(ref))}`)}\n`);
    for (const field of fields) io.out(`    ${printable(formatFieldChange(field))}\n`);
  }
}
