import type { Rule } from "@ashlar/core";
import { aboutSubject, grantOf } from "./objects/binding-finding.ts";
import { rbacObjects } from "./objects/rbac-objects.ts";
import { subjectsOf } from "./objects/subjects.ts";

const CODE = "iam/no-grant-to-default-service-account";

/** A binding for the ServiceAccount that every pod of a namespace has unless it names another. */
export const noGrantToDefaultServiceAccount: Rule = {
  code: CODE,
  check: (inventory) =>
    rbacObjects(inventory.resources).bindings.flatMap((binding) =>
      subjectsOf(binding)
        .filter(({ kind, name }) => kind === "ServiceAccount" && name === "default")
        .map((subject) => {
          const { namespace } = subject;
          const says = `${grantOf(binding)} goes to ServiceAccount ${namespace}/default: every pod of ${namespace} that names no ServiceAccount has it`;
          const hint = `make a ServiceAccount for the pods that need it, name it in their serviceAccountName and here`;
          return aboutSubject(inventory, binding, subject, { code: CODE, says, hint });
        }),
    ),
};
