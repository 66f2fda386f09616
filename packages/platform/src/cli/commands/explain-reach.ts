import { endpointProblem, explainReach, reach } from "@ashlar/network-policy";
import { networkOf } from "../../check.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { readEndpoint } from "../endpoint.ts";
import { loadInput } from "../input.ts";
import { UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { paint, printable } from "../text.ts";

export const explainReachCommand: Command = {
  name: "explain reach",
  usage: "ashlar explain reach FROM TO[:PORT[/PROTOCOL]] [PATH...] [--format text|json]",
  summary: "tell whether FROM reaches TO, and which policy, rule and line decides",
  details: `FROM and TO are NAMESPACE/NAME of a pod, workload or Service (NAMESPACE/KIND/NAME when several share the name),
an address (10.0.0.7, [2001:db8::7]), or node/NAME. PORT is a number or the name of a port; without it, every port.

  ashlar explain reach prod/busybox dev/busybox:80
  ashlar explain reach 203.0.113.9 prod/web:https manifests/

Exit code: 0 it reaches, 1 it does not (or a fact is missing), 2 could not ask.`,
  options: [FILE, NAMESPACE, FORMAT, PARAM, ...LIVE_OPTIONS],
  async run(args, io) {
    const [from, to, ...paths] = args.positionals;
    if (from === undefined || to === undefined)
      throw new UsageError(
        "explain reach needs FROM and TO",
        "write ashlar explain reach prod/web dev/db:5432",
      );
    const loaded = await loadInput([...paths, ...args.all("file")], args, io, { questions: ["network"] });
    if (reportUnread(loaded, io)) return 2;
    const source = readEndpoint(from);
    if (source.port !== undefined)
      throw new UsageError(
        `FROM "${from}" has a port`,
        "a connection is asked for by the port that it goes to",
      );
    const target = readEndpoint(to);
    const model = networkOf(loaded.set);
    for (const { endpoint } of [source, target]) {
      const problem = endpointProblem(model, endpoint);
      if (problem !== undefined) throw new UsageError(problem);
    }
    const verdict = reach(model, {
      from: source.endpoint,
      to: target.endpoint,
      ...(target.port !== undefined && { port: target.port }),
      ...(target.protocol && { protocol: target.protocol }),
    });
    if (args.get("format") === "json") printJson(io, verdict);
    else {
      const [first = "", ...rest] = printable(explainReach(verdict)).split("\n");
      io.out(`${[paint(io, verdict.allowed ? "green" : "red", first), ...rest].join("\n")}\n`);
    }
    return verdict.allowed ? 0 : 1;
  },
};
