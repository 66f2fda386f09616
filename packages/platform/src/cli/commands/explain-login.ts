import { explainLogin, identityFindings } from "@ashlar/iam";
import { identityOf } from "../../identity.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, FORMAT, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { formatFinding, paint, printable } from "../text.ts";

export const explainLoginCommand: Command = {
  name: "explain login",
  usage: "ashlar explain login GROUP[,GROUP] [PATH...] [--realm NAME] [--client ID] [--format text|json]",
  summary: "tell how a login becomes rights: group, roles, token, API server, bindings",
  details: `GROUP is a group of the realm; "" stands for a user in no group. The input is a platform file, or realms as JSON (imports,
exports), an AuthenticationConfiguration and the objects of RBAC, in files or folders.

  ashlar explain login developer
  ashlar explain login developer realms/ authentication.yaml rbac/

Where the parts disagree (issuer, client, audience, groups claim, prefix, redirect URIs) it says so, with both places.
Exit code: 0 the login meets a binding, 1 it does not or parts disagree, 2 could not ask.`,
  options: [
    { name: "realm", value: "NAME", help: "the realm (default: that of the API server's issuer)" },
    { name: "client", value: "ID", help: "the client (default: kubectl's)" },
    {
      name: "token",
      value: "KIND",
      choices: ["id", "access"],
      help: "the token that the API server gets: id (default) or access",
    },
    FILE,
    FORMAT,
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const [who, ...paths] = args.positionals;
    if (who === undefined)
      throw new UsageError("explain login needs a group", "write ashlar explain login developer");
    const loaded = await loadInput([...paths, ...args.all("file")], args, io, { questions: ["access"] });
    if (reportUnread(loaded, io)) return 2;
    const model = identityOf(loaded.set);
    if (model === undefined)
      throw new UsageError(
        `${loaded.name} says nothing of logins`,
        "give realms and oidc in the platform file, or realm files and an AuthenticationConfiguration",
      );
    const [realm, client] = [args.get("realm"), args.get("client")];
    const login = explainLogin(model, {
      groups: who.split(",").filter((group) => group !== ""),
      ...(realm !== undefined && { realm }),
      ...(client !== undefined && { client }),
      ...(args.get("token") === "access" && { token: "access" as const }),
    });
    const findings = identityFindings(model);
    if (args.get("format") === "json") printJson(io, { ...login, findings });
    else {
      const [first = "", ...rest] = printable(login.text).trimEnd().split("\n");
      io.out(`${[paint(io, "bold", first), ...rest].join("\n")}\n`);
      for (const finding of findings) io.out(`\n${formatFinding(finding, io)}\n`);
    }
    const works = login.authentication?.ok === true && login.bindings.length > 0;
    return works && !findings.some(({ severity }) => severity === "error") ? 0 : 1;
  },
};
