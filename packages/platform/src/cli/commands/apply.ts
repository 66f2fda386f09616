import { formatRef, type ResourceRef, suggest, writeYaml } from "@ashlar/core";
import type { ApplyEvent } from "@ashlar/core/live";
import type { PlatformPlan, PlatformPlanOptions } from "../../live/plan.ts";
import { subjectProblem } from "../../report/subject.ts";
import { type Arguments, readParams } from "../arguments.ts";
import { CLUSTER_OPTIONS, withCluster } from "../cluster-options.ts";
import { type Command, PARAM } from "../command.ts";
import { type ExitCode, type Io, UsageError } from "../io.ts";
import { load } from "../load.ts";
import { reportUnread } from "../output.ts";
import { isBlocked, planJson, printPlan } from "../print-plan.ts";
import { printable } from "../text.ts";

export const applyCommand: Command = {
  name: "apply",
  usage: "ashlar apply [PLATFORM] [--yes] [--prune] [--wait SECONDS] [options]",
  summary: "make the cluster hold the platform: plan, ask, apply, wait",
  details: `The plan is what ashlar diff --live prints: objects, fields, what it means, claims. After a yes every object
is applied by the server's own merging, under the field manager "ashlar", namespaces and definitions first. Fields that
others own with another value are named and left; --force-conflicts takes them. Secrets get their values from where the
platform file says; a value that is made at random is made once. What is refused is left, and the others are applied; run
it again for the rest.

  ashlar apply platform.ts --context prod
  ashlar apply platform.ts --yes --prune --wait 300        # in a pipeline
  ashlar apply platform.ts --explain-permissions | kubectl apply -f -

Nothing is applied when a claim would not hold, unless --accept-broken names it. Exit code: 0 the cluster is as the
platform says, 1 something is left or not ready, or a claim would break, 2 could not run.`,
  options: [
    { name: "yes", help: "do not ask: needed where there is nobody to" },
    {
      name: "prune",
      help: "remove what this platform applied earlier and has no more",
    },
    { name: "wait", value: "SECONDS", help: "wait so long until workloads are ready" },
    {
      name: "force-conflicts",
      value: "NS/KIND/NAME",
      multiple: true,
      help: "take the fields of this object that others own; may be repeated, or all",
    },
    {
      name: "accept-broken",
      value: "CLAIM",
      multiple: true,
      help: "apply although this claim will not hold; may be repeated",
    },
    {
      name: "inventory-namespace",
      value: "NAME",
      help: "where the ConfigMap with what was applied is (default: default)",
    },
    { name: "explain-permissions", help: "print the roles that this needs, and do nothing" },
    {
      name: "for",
      value: "SUBJECT",
      help: "with it: bind them to user:NAME, group:NAME or serviceaccount:NS/NAME",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: ["text", "json"],
      help: "text (default), or json: the plan, then an event per line",
    },
    PARAM,
    ...CLUSTER_OPTIONS,
  ],
  async run(args, io) {
    const waitSeconds = seconds(args);
    const loaded = await load(args.positionals, io, {
      setOf: () => ({ resources: [] }),
      params: readParams(args),
    });
    if (reportUnread(loaded, io)) return 2;
    const { platform, name } = loaded;
    if (!platform) throw new UsageError(`${name} is no platform file`, "apply takes a platform.ts");
    return withCluster(args, io, async (cluster) => {
      const live = await import("../../live/index.ts");
      if (args.has("explain-permissions")) {
        const subject = subjectFor(args);
        const onUndefined = ({ apiVersion, kind }: ResourceRef) =>
          undefinedKinds.add(`${kind} of ${apiVersion}`);
        const undefinedKinds = new Set<string>();
        const options = { ...planOptions(args, io), ...(subject && { subject }), onUndefined };
        io.out(writeYaml(await live.permissions(platform, cluster, options)));
        for (const kind of undefinedKinds)
          io.err(
            `ashlar: rights for ${printable(kind)} are not among them: the API server does not serve it\n  → install its definition, and ask again\n`,
          );
        return undefinedKinds.size > 0 ? 1 : 0;
      }
      const plan = await live.plan(platform, cluster, planOptions(args, io));
      const isJson = args.get("format") === "json";
      if (isJson) io.out(`${JSON.stringify({ type: "plan", plan: planJson(plan) })}\n`);
      else printPlan(plan, io);
      const accepted = args.all("accept-broken");
      refuseUnknown(accepted, args.all("force-conflicts"), plan);
      const breaks = live.brokenClaims(plan).filter(({ claim }) => !accepted.includes(claim.text));
      if (breaks.length > 0) {
        io.err(
          `ashlar: nothing was applied, since ${breaks.length === 1 ? "a claim" : "claims"} would not hold\n`,
        );
        for (const text of new Set(breaks.map(({ claim }) => claim.text)))
          io.err(`  → correct the platform, or add --accept-broken ${JSON.stringify(text)}\n`);
        return 1;
      }
      if (waitSeconds === undefined && isNothing(plan)) return plan.objects.items.some(isBlocked) ? 1 : 0;
      if (!isNothing(plan) && !(await agreed(plan, args, io))) {
        io.err("nothing was applied\n");
        return 1;
      }
      const options = { acceptBroken: accepted, ...(waitSeconds !== undefined && { waitSeconds }) };
      return follow(live.apply(plan, options), isJson, io);
    });
  },
};

export function planOptions(args: Arguments, io: Io): PlatformPlanOptions {
  const forced = args.all("force-conflicts");
  for (const text of forced) {
    const problem = text === "all" ? undefined : subjectProblem(text);
    if (problem) throw new UsageError(`--force-conflicts: ${problem.message}`, problem.hint);
  }
  const inventoryNamespace = args.get("inventory-namespace");
  return {
    cwd: io.cwd,
    prune: args.has("prune"),
    forceConflicts: (ref) => forced.includes("all") || forced.includes(subjectOf(ref)),
    ...(inventoryNamespace !== undefined && { inventoryNamespace }),
  };
}

function subjectFor(args: Arguments) {
  const text = args.get("for");
  if (text === undefined) return undefined;
  const [, word, rest = ""] = /^(user|group|serviceaccount):(.+)$/.exec(text) ?? [];
  const [namespace = "", name = ""] = rest.split("/");
  if (word === "user") return { kind: "User", name: rest } as const;
  if (word === "group") return { kind: "Group", name: rest } as const;
  if (word === "serviceaccount" && name !== "") return { kind: "ServiceAccount", namespace, name } as const;
  throw new UsageError(
    `--for "${text}" is nobody`,
    "write user:NAME, group:NAME or serviceaccount:NAMESPACE/NAME",
  );
}

function subjectOf({ namespace, kind, name }: ResourceRef): string {
  return [...(namespace === undefined ? [] : [namespace]), kind, name].join("/");
}

function seconds(args: Arguments): number | undefined {
  const text = args.get("wait");
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`--wait "${text}" is no number of seconds`, "write --wait 300");
}

/** A name that no claim or object has would accept nothing: likely one is misspelt. */
function refuseUnknown(
  accepted: readonly string[],
  forced: readonly string[],
  { objects, proofs }: PlatformPlan,
): void {
  for (const text of accepted)
    if (!proofs.some(({ claim }) => claim.text === text))
      throw new UsageError(
        `--accept-broken "${text}" is no claim of the platform`,
        "write it as the plan prints it",
      );
  const names = objects.items.map(({ ref }) => subjectOf(ref));
  for (const text of forced)
    if (text !== "all" && !names.includes(text))
      throw new UsageError(`--force-conflicts "${text}" is no object of the platform`, suggest(text, names));
}

function isNothing({ objects, prune }: PlatformPlan): boolean {
  return objects.items.every(
    (item) => isBlocked(item) || item.action === "none" || (item.action === "prune" && !prune),
  );
}

async function agreed(plan: PlatformPlan, args: Arguments, io: Io): Promise<boolean> {
  if (args.has("yes")) return true;
  if (io.ask === undefined) throw new UsageError("there is nobody to ask", "add --yes where no terminal is");
  return io.ask(`Apply this to ${printable(plan.objects.context)}? [y/N] `);
}

/** Tells what happens: lines as it is done, and on a terminal how far it is. */
async function follow(events: AsyncIterable<ApplyEvent>, isJson: boolean, io: Io): Promise<ExitCode> {
  let isWhole = true;
  let done = 0;
  for await (const event of events) {
    io.progress?.("");
    if (isJson) io.out(`${JSON.stringify(event)}\n`);
    else if (event.type !== "waiting" || io.progress === undefined)
      io.out(`${printable(eventLine(event))}\n`);
    if (event.type === "done") isWhole = event.summary.left === 0 && event.summary.notReady === 0;
    else io.progress?.(event.type === "waiting" ? printable(eventLine(event)) : `${++done} done …`);
  }
  return isWhole ? 0 : 1;
}

function eventLine(event: ApplyEvent): string {
  if (event.type === "done") {
    const { created, changed, unchanged, pruned, left, notReady } = event.summary;
    const rest = [...(left > 0 ? [`${left} left`] : []), ...(notReady > 0 ? [`${notReady} not ready`] : [])];
    return [
      `${created} created`,
      `${changed} changed`,
      `${unchanged} unchanged`,
      `${pruned} pruned`,
      ...rest,
    ].join(", ");
  }
  const name = formatRef(event.ref);
  switch (event.type) {
    case "failed": {
      const fields = event.conflicts
        .map(({ path, manager }) => `\n    ${path} is owned by ${manager}`)
        .join("");
      return `${name} left: ${event.refusal.reason}: ${event.conflicts.length > 0 ? `see --force-conflicts${fields}` : event.refusal.message}`;
    }
    case "skipped":
      return `${name} left: ${event.because}`;
    case "waiting":
      return `${name} waits: ${event.reason}`;
    case "not-ready":
      return `${name} is not ready: ${event.reason}`;
    default:
      return `${name} ${event.type}`;
  }
}
