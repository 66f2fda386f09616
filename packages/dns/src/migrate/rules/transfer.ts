import type { CorefileToken, Directive } from "../../corefile/ast.ts";
import { below, withoutOptions } from "../edits.ts";
import { directivesOf, type MigrationRule, optionsOf } from "../stage.ts";

/** Zone transfers have a plugin of their own, which serves the plugins beside it. */
export const transfer: MigrationRule = {
  version: "1.8.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "kubernetes", "file", "auto", "secondary")) {
      const plugin = directive.name.text;
      const gone = optionsOf(directive, "transfer").filter(({ args }) => args[0]?.text !== "from");
      if (gone.length === 0) continue;
      const odd = gone.find(({ args }) => args[0]?.text !== "to" || args.length < 2);
      if (odd) {
        stage.refuse(odd, `${plugin} has a transfer that is not "transfer to ADDRESS…"`, "correct it first");
        continue;
      }
      // The kubernetes plugin kept the last line only.
      const used = plugin === "kubernetes" ? gone.slice(-1) : gone;
      const zones = zonesOf(directive).map((zone) => zone.raw);
      stage.change({
        plugin,
        option: "transfer",
        what: `transfer to becomes the plugin transfer${zones.length > 0 ? ` for ${zones.join(", ")}` : ""}`,
        why: "1.8.0 moved zone transfers of all plugins into the plugin transfer, and does not start with the option",
        node: gone[0]!,
        splices: [
          ...withoutOptions(stage.text, directive, gone),
          below(stage.text, directive, [
            {
              line: ["transfer", ...zones].join(" "),
              block: used.map(({ args }) => ["to", ...args.slice(1).map((arg) => arg.raw)].join(" ")),
            },
          ]),
        ],
      });
    }
  },
};

/** Without zones a plugin has those of its server block, and so has transfer. */
function zonesOf({ name, args }: Directive): readonly CorefileToken[] {
  return name.text === "file" ? args.slice(1) : args;
}
