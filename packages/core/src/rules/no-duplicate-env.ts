import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout } from "../finding.ts";
import type { Rule } from "../inventory.ts";
import { formatRef, refOf } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { relatedTo } from "./references/missing-object.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-duplicate-env";

/** Two environment variables of one name in a container: only the last one counts. */
export const noDuplicateEnv: Rule = {
  code: CODE,
  check: (inventory) =>
    setIndex(inventory)
      .templates()
      .flatMap((template) =>
        template.containers.flatMap(({ name: container, fields, path }): Finding[] => {
          const first = new Map<string, number>();
          return listOf(fields.env).flatMap((entry, i) => {
            const name = textOf(fieldsOf(entry).name);
            const other = first.get(name);
            if (name === "" || other === undefined) {
              first.set(name, i);
              return [];
            }
            return [
              {
                ...findingAbout(template.owner, inventory.locate, {
                  code: CODE,
                  severity: "warning",
                  message: `${formatRef(refOf(template.owner))}: env ${name} of container "${container}" is there twice; only the last one counts, and an apply may drop one`,
                  hint: "remove one, or give it another name",
                  path: formatPath([...path, "env", i, "name"]),
                }),
                related: [
                  relatedTo(inventory, template.owner, "the first one", formatPath([...path, "env", other])),
                ],
              },
            ];
          });
        }),
      ),
};
