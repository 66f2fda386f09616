import { writeYaml } from "@ashlar/core";
import { claimRequests, explainCan, parseAccessClaim } from "@ashlar/iam";
import { accessOf } from "../../check.ts";
import type { Arguments } from "../arguments.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, FORMAT, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { type Io, UsageError } from "../io.ts";
import type { Loaded } from "../load.ts";
import { printJson, reportUnread } from "../output.ts";
import { quoted, subjectWord } from "../subject.ts";
import { paint, printable } from "../text.ts";

export const explainCanCommand: Command = {
  name: "explain can",
  usage:
    "ashlar explain can SUBJECT VERB RESOURCE [PATH...] [-n NAMESPACE] [--name NAME] [--format text|json]",
  summary: "tell whether SUBJECT may, and which binding and rule decides, or what is missing",
  details: `SUBJECT is a group of the platform or a name that bindings have, group:NAME, user:NAME, serviceaccount:NAMESPACE/NAME,
anyone (logged in) or anonymous. VERB is one of the API's, read (get, list, watch) or write. RESOURCE is pods, pods/log,
deployments.apps or a path such as /metrics. Without -n it asks about the whole cluster.

  ashlar explain can developer delete pods -n prod
  kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml | ashlar explain can user:ada read pods -

Kubernetes' own roles and bindings count, unless the set holds them itself. Exit code: 0 allowed, 1 denied, 2 could not
ask.`,
  options: [
    {
      name: "namespace",
      short: "n",
      value: "NAME",
      help: "the namespace that is asked about (default: the whole cluster)",
    },
    { name: "name", value: "NAME", help: "the object's name (default: objects of every name)" },
    FILE,
    FORMAT,
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const [subject, verb, resource, ...paths] = args.positionals;
    if (subject === undefined || verb === undefined || resource === undefined)
      throw new UsageError(
        "explain can needs SUBJECT, VERB and RESOURCE",
        "write ashlar explain can developer delete pods -n prod",
      );
    const loaded = await loadInput([...paths, ...args.all("file")], args, io, {
      namespaceIsAsked: true,
      questions: ["access"],
    });
    if (reportUnread(loaded, io)) return 2;
    const model = accessOf(loaded.set);
    const requests = requestsFor({ subject, verb, resource }, args, loaded, model);
    const explanations = requests.map((request) => explainCan(model, request));
    if (args.get("format") === "json")
      printJson(
        io,
        explanations.map(({ verdict, nearest, grant }) => ({ ...verdict, nearest, grant })),
      );
    else
      for (const { verdict, text, grant } of explanations)
        print(text, verdict.allowed, grant?.resources ?? [], io);
    return explanations.every(({ verdict }) => verdict.allowed) ? 0 : 1;
  },
};

function requestsFor(
  { subject, verb, resource }: { readonly subject: string; readonly verb: string; readonly resource: string },
  args: Arguments,
  { set }: Loaded,
  model: ReturnType<typeof accessOf>,
) {
  const name = args.get("name");
  const namespace = args.get("namespace");
  const text = [
    subjectWord(subject, set, model),
    "can",
    verb,
    resource,
    ...(name === undefined ? [] : ["named", quoted(name)]),
    ...(namespace === undefined ? [] : ["in", quoted(namespace)]),
  ].join(" ");
  const claim = parseAccessClaim(text, {
    groups: set.groups?.names ?? [],
    groupsPrefix: set.groups?.prefix ?? "",
    environments: set.environments ?? {},
    by: "explain",
  });
  if (!claim.ok) throw new UsageError(claim.findings[0]?.message ?? "", claim.findings[0]?.hint);
  const found = claimRequests(model, claim.value, { resources: set.resources });
  if (!found.ok) throw new UsageError(found.problem, found.hint);
  return found.requests;
}

function print(text: string, allowed: boolean, grant: Parameters<typeof writeYaml>[0], io: Io): void {
  const [first = "", ...rest] = printable(text).split("\n");
  io.out(`${[paint(io, allowed ? "green" : "red", first), ...rest].join("\n")}\n`);
  if (!allowed && grant.length > 0) io.out(`\n${writeYaml(grant)}`);
}
