import type { Rule } from "@ashlar/core";
import { aboutSubject } from "./objects/binding-finding.ts";
import { builtIn } from "./objects/built-in.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { subjectsOf } from "./objects/subjects.ts";

const CODE = "iam/no-masters-group";

/** A binding for system:masters, whose members may do everything before RBAC is asked. */
export const noMastersGroup: Rule = {
  code: CODE,
  check: (inventory) =>
    rbacObjects(inventory.resources).bindings.flatMap((binding) =>
      subjectsOf(binding)
        .filter(({ kind, name }) => kind === "Group" && name === "system:masters")
        .filter((subject) => !builtIn().hasSubject(binding, subject))
        .map((subject) =>
          aboutSubject(inventory, binding, subject, {
            code: CODE,
            says: `members of system:masters may do everything before any role is looked at, so that ${binding.role.kind} ${binding.role.name} gives them nothing and taking it away takes nothing`,
            hint: "bind a group of your own; keep system:masters for the one certificate that mends a broken cluster",
          }),
        ),
    ),
};
