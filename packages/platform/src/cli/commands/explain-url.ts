import { explainUrl, resolveUrl } from "@ashlar/ingress";
import { routesOf } from "../../check.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { paint, printable } from "../text.ts";

export const explainUrlCommand: Command = {
  name: "explain url",
  usage: "ashlar explain url URL [PATH...] [--format text|json]",
  summary: "walk from a host to the workload that answers, and stop at the exact break",
  details: `Host, Ingress or HTTPRoute, TLS and its issuer, auth proxy and login, Service, port, workload: each with its line.

  ashlar explain url https://logs.k8s.strix.kr/app
  kubectl get ingresses,services,deployments,pods -A -o yaml | ashlar explain url https://wiki.example.test -

Exit code: 0 it is served, redirected, or asks for a login; 1 it is not, or a fact is missing; 2 could not ask.`,
  options: [FILE, NAMESPACE, FORMAT, PARAM, ...LIVE_OPTIONS],
  async run(args, io) {
    const [url, ...paths] = args.positionals;
    if (url === undefined)
      throw new UsageError("explain url needs a URL", "write ashlar explain url https://wiki.example.test/");
    if (!/^https?:\/\/[^/]/.test(url)) throw new UsageError(`"${url}" is no URL`, "write https://HOST/PATH");
    const loaded = await loadInput([...paths, ...args.all("file")], args, io, { questions: ["routes"] });
    if (reportUnread(loaded, io)) return 2;
    const verdict = resolveUrl(routesOf(loaded.set), url);
    const isServed = ["served", "redirect", "login"].includes(verdict.outcome);
    if (args.get("format") === "json") printJson(io, verdict);
    else {
      const [first = "", ...rest] = printable(explainUrl(verdict)).split("\n");
      io.out(`${[paint(io, isServed ? "green" : "red", first), ...rest].join("\n")}\n`);
    }
    return isServed ? 0 : 1;
  },
};
