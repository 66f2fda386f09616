import { compareReleases } from "../../plugins/table.ts";
import { inPlaceOf, withoutWord } from "../edits.ts";
import { directivesOf, type MigrationRule, optionsOf } from "../stage.ts";

/** The selector `response` came with 1.9.4; before, every rule of header was one for answers. */
export const headerWithoutSelector: MigrationRule = {
  version: "1.9.4",
  run: (stage) => {
    if (compareReleases(stage.to, "1.9.4") >= 0) return;
    for (const { directive } of directivesOf(stage, "header"))
      for (const option of optionsOf(directive, "response")) {
        const action = option.args[0];
        if (!action) continue;
        stage.change({
          plugin: "header",
          option: "response",
          what: `response ${action.text} becomes ${action.text}`,
          why: "before 1.9.4 header knew no selector, and every rule was one for answers",
          node: option,
          splices: [inPlaceOf(option.name, action.raw), withoutWord(action)],
        });
      }
  },
};
