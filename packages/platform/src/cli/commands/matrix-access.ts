import { accessMatrix } from "@ashlar/iam";
import { accessOf } from "../../check.ts";
import { accessRights, accessTable } from "../../report/access-table.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, FILE, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { identitiesOf } from "../subject.ts";

export const matrixAccessCommand: Command = {
  name: "matrix access",
  usage: "ashlar matrix access [PATH...] [--subject WHO]... [--resource WHAT]... [-n NAMESPACE]... [options]",
  summary: "print who may do what, by namespace",
  details: `Without --subject every subject that a binding of the set names; without --resource the usual ones and those that its
roles name; without -n the cluster as a whole and every namespace of the set.

  ashlar matrix access platform.ts --subject developer --resource pods --resource secrets
  kubectl get clusterroles,clusterrolebindings,roles,rolebindings,ns -A -o yaml | ashlar matrix access - --format csv

Cells: all (every verb asked about), read (get, list, watch), write, the verbs themselves, or · for none.`,
  options: [
    {
      name: "subject",
      value: "WHO",
      multiple: true,
      help: "developer, group:NAME, user:NAME, serviceaccount:NS/NAME; may be repeated",
    },
    {
      name: "resource",
      value: "WHAT",
      multiple: true,
      help: "pods, pods/log, deployments.apps; may be repeated",
    },
    { name: "verb", value: "VERB", multiple: true, help: "get, create, …; may be repeated" },
    {
      name: "namespace",
      short: "n",
      value: "NAME",
      multiple: true,
      help: "a namespace to ask about; may be repeated",
    },
    {
      name: "format",
      value: "FORMAT",
      choices: ["text", "markdown", "json", "csv", "html"],
      help: "text (default), markdown, json, csv or html (a fragment)",
    },
    FILE,
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const loaded = await loadInput([...args.positionals, ...args.all("file")], args, io, {
      namespaceIsAsked: true,
      questions: ["access"],
    });
    if (reportUnread(loaded, io)) return 2;
    const model = accessOf(loaded.set);
    const list = (name: string) => (args.has(name) ? args.all(name) : undefined);
    const subjects = args.has("subject") ? identitiesOf(args.all("subject"), loaded.set, model) : undefined;
    const [resources, verbs, namespaces] = [list("resource"), list("verb"), list("namespace")];
    const matrix = accessMatrix(model, {
      ...(subjects && { subjects }),
      ...(resources && { resources }),
      ...(verbs && { verbs }),
      ...(namespaces && { namespaces }),
    });
    if (matrix.subjects.length === 0)
      throw new UsageError(
        `no binding in ${loaded.name} names anybody`,
        "give the RoleBindings and ClusterRoleBindings too",
      );
    const format = args.get("format") ?? "text";
    if (format === "json") printJson(io, accessRights(matrix));
    else io.out(accessTable(matrix, format as "text" | "markdown" | "csv" | "html"));
    return 0;
  },
};
