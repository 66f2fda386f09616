import { renderPlatform } from "../../render.ts";
import { readParams } from "../arguments.ts";
import type { Command } from "../command.ts";
import { PARAM } from "../command.ts";
import { UsageError } from "../io.ts";
import { load } from "../load.ts";
import { reportUnread } from "../output.ts";
import { plural } from "../text.ts";
import { writeFolder } from "../write-folder.ts";

export const renderCommand: Command = {
  name: "render",
  usage: "ashlar render [PLATFORM] [--format yaml|json] [--out DIR] [--param NAME=VALUE]",
  summary: "print the platform's objects, or write everything that it renders to a folder",
  details: `The objects go to standard output, in the order in which a cluster needs them:

  ashlar render platform.ts | kubectl apply --server-side -f -

Patches on objects that somebody else owns (labels of existing namespaces), scripts and the
runbook are written by --out only, beside resources.yaml. The same platform gives the same bytes.`,
  options: [
    { name: "format", value: "FORMAT", choices: ["yaml", "json"], help: "yaml (default), or json: one List" },
    { name: "out", value: "DIR", help: "write resources, patches, documents and the runbook below DIR" },
    PARAM,
  ],
  async run(args, io) {
    const loaded = await load(args.positionals, io, {
      setOf: () => ({ resources: [] }),
      params: readParams(args),
    });
    if (reportUnread(loaded, io)) return 2;
    if (!loaded.platform)
      throw new UsageError(`${loaded.name} is no platform file`, "render takes a platform.ts");
    const rendered = renderPlatform(loaded.platform, args.get("format") === "json" ? "json" : "yaml");
    const out = args.get("out");
    if (out !== undefined) {
      const written = writeFolder(io.cwd, out, rendered.files);
      io.err(`${plural(written, "file")} written below ${out}\n`);
      return 0;
    }
    io.out(rendered.resources);
    const { patches, documents } = loaded.platform.block;
    if (patches.length + documents.length > 0)
      io.err(
        `Not among these objects: ${plural(patches.length, "patch", "patches")} on existing objects, ${plural(documents.length, "document")}, the runbook. --out DIR writes them all.\n`,
      );
    return 0;
  },
};
