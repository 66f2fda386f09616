import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { grantProblems, namespaceProblems, ownRoleProblems } from "./grant-problems.ts";
import { givenRoles, grantFields, knownNamespaces, ownRoles } from "./grants-intent.ts";
import { oddTexts } from "./odd-texts.ts";
import { roleWords } from "./role-words.ts";

/** What {@link groups} takes. */
export const groupsIntent = once(() =>
  z
    .strictObject({
      groups: z
        .record(z.string(), z.strictObject(grantFields()))
        .describe("Group, as tokens name it → its roles in the whole cluster and in namespaces."),
      prefix: z
        .string()
        .default("oidc:")
        .describe(
          'What the API server puts before groups of tokens (its OIDC groups prefix). "": nothing. Default: oidc:.',
        ),
      namespaces: knownNamespaces(),
      roles: ownRoles(),
      given: givenRoles(),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      for (const path of oddTexts(intent))
        problem(
          path,
          "expected text of one line, found a control character or half of a character",
          "remove it",
        );
      intent.namespaces?.forEach((name, i) => {
        for (const { path, message, hint } of namespaceProblems(["namespaces", i], name, undefined))
          problem(path, message, hint);
      });
      const words = roleWords(intent.roles, intent.given, true);
      for (const [name, grants] of Object.entries(intent.groups)) {
        const path = ["groups", name];
        if (name === "") problem(path, "expected the name of a group, found nothing", "name it as tokens do");
        if (`${intent.prefix}${name}`.startsWith("system:"))
          problem(
            path,
            "groups whose name starts with system: are Kubernetes' own",
            "set a prefix such as oidc:, or take another name",
          );
        for (const found of grantProblems(path, grants, words, intent.namespaces))
          problem(found.path, found.message, found.hint);
      }
      for (const found of ownRoleProblems(intent.roles, intent.given, intent.namespaces))
        problem(found.path, found.message, found.hint);
    }),
);

export type GroupsIntent = z.output<ReturnType<typeof groupsIntent>>;
export type GroupsInput = z.input<ReturnType<typeof groupsIntent>>;
