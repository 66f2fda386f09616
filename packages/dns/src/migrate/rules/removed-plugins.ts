import { withoutNode } from "../edits.ts";
import { directivesOf, type MigrationRule } from "../stage.ts";

/** Nothing stands in for reverse: a template has to be written. */
export const reverse: MigrationRule = {
  version: "1.2.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "reverse"))
      stage.refuse(
        directive,
        "the plugin reverse is gone since CoreDNS 1.2.0, and no other takes its words",
        "write a template for these networks (template IN PTR … and template IN A …), or take the line away, then migrate",
      );
  },
};

/** Kubernetes federation v1 is gone, and its plugin with it. */
export const federation: MigrationRule = {
  version: "1.7.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "federation")) {
      const names = (directive.block?.body ?? []).flatMap((item) =>
        item.kind === "directive" && item.name.text !== "upstream" ? [item.name.text] : [],
      );
      if (stage.choices.federation !== "drop") {
        stage.refuse(
          directive,
          "the plugin federation is gone since CoreDNS 1.7.0: Kubernetes federation v1, whose names it answered, is no more",
          'forward the other cluster\'s zone to its DNS instead, and migrate with federation: "drop"',
        );
        continue;
      }
      stage.change({
        plugin: "federation",
        what: "federation is taken away",
        why: "CoreDNS 1.7.0 has no such plugin, since Kubernetes federation v1 is no more; another cluster's zone is reached by a server block that forwards it",
        lost: `Names of services in federations${names.length > 0 ? ` (SERVICE.NAMESPACE.${names.join(", …")}.svc…)` : ""} do not exist any more`,
        node: directive,
        splices: [withoutNode(stage.text, directive)],
      });
    }
  },
};
