import { explainName, resolveName } from "@ashlar/dns";
import { dnsOf } from "../../check.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, FORMAT, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { formatFinding, paint, printable } from "../text.ts";

export const explainDnsCommand: Command = {
  name: "explain dns",
  usage: "ashlar explain dns NAME [PATH...] [--type TYPE] [--from NAMESPACE[/POD]] [--format text|json]",
  summary: "tell who answers a name, with what, and out of which objects",
  details: `Without --from the name is complete; with it the search list of a pod there completes it.

  ashlar explain dns redis.prod.svc.cluster.local
  kubectl get cm,svc,endpointslices,pods,ns -A -o yaml | ashlar explain dns redis --from prod --whole -

Without the ConfigMap of CoreDNS in the set, it is taken to be kubeadm's. Exit code: 0 there is an answer, or another
server has it; 1 there is none, or a fact is missing; 2 could not ask.`,
  options: [
    { name: "type", value: "TYPE", help: "A (default), AAAA, SRV, PTR, CNAME, TXT, …" },
    { name: "from", value: "NAMESPACE", help: "ask as a pod of this namespace, or as NAMESPACE/POD" },
    { name: "whole", help: "the set holds every Service of the cluster: what is not in it does not exist" },
    FILE,
    FORMAT,
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const [name, ...paths] = args.positionals;
    if (name === undefined)
      throw new UsageError("explain dns needs a name", "write ashlar explain dns web.prod.svc.cluster.local");
    const loaded = await loadInput([...paths, ...args.all("file")], args, io, { questions: ["dns"] });
    if (reportUnread(loaded, io)) return 2;
    const model = dnsOf({ ...loaded.set, ...(args.has("whole") && { whole: true }) });
    for (const finding of model.findings) io.err(`${formatFinding(finding, { color: false })}\n`);
    const [from, type] = [args.get("from"), args.get("type")];
    const verdict = resolveName(model, name, {
      ...(type !== undefined && { type }),
      ...(from !== undefined && (from.includes("/") ? { fromPod: from } : { fromNamespace: from })),
    });
    const isAnswered = verdict.outcome === "answer" || verdict.outcome === "forwarded";
    if (args.get("format") === "json") printJson(io, verdict);
    else {
      const [first = "", ...rest] = printable(explainName(verdict)).split("\n");
      const stock = model.source === "stock" ? ["  the set has no Corefile: kubeadm's is taken"] : [];
      io.out(`${[paint(io, isAnswered ? "green" : "red", first), ...rest, ...stock].join("\n")}\n`);
    }
    return isAnswered ? 0 : 1;
  },
};
