import { isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { grantProblems, namespaceProblems } from "../groups/grant-problems.ts";
import { givenRoles, grantFields, knownNamespaces } from "../groups/grants-intent.ts";
import { oddTexts } from "../groups/odd-texts.ts";
import { roleWords } from "../groups/role-words.ts";

/** Seconds that the API server gives a token at least (TokenRequest, expirationSeconds), and at most. */
const SHORTEST = 600;
const LONGEST = 2 ** 32;

/** What {@link serviceAccount} takes. */
export const serviceAccountIntent = once(() =>
  z
    .strictObject({
      name: z.string().describe("Name of the ServiceAccount. default: it exists, and is only patched."),
      namespace: z.string().describe("Its namespace."),
      roles: z
        .strictObject(grantFields())
        .default({ cluster: [], namespaces: {} })
        .describe("Its roles; cluster-view is the one that `groups` makes. Default: none."),
      token: z
        .union([z.literal("bound"), z.literal("secret")])
        .optional()
        .describe(
          "bound: a step that asks for a token which ends by itself. secret: a Secret with a token that lives until it is deleted. Absent: neither; pods get theirs anyway.",
        ),
      tokenDuration: z
        .string()
        .default("1h")
        .describe("How long a bound token lives: 1h, 90m, 3600s. Default: 1h."),
      imagePullSecrets: z
        .array(z.string())
        .readonly()
        .default([])
        .describe("Secrets that its pods pull images with. Default: none."),
      automount: z
        .boolean()
        .optional()
        .describe(
          "Whether pods get its token as a file unless they say otherwise. Absent: yes, as Kubernetes does.",
        ),
      namespaces: knownNamespaces(),
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
      if (!isDnsSubdomain(intent.name))
        problem(
          ["name"],
          `"${intent.name.slice(0, 100)}" is no name of a ServiceAccount`,
          "use a-z, 0-9, - and ., at most 253",
        );
      const words = roleWords({}, intent.given, false);
      for (const { path, message, hint } of [
        ...namespaceProblems(["namespace"], intent.namespace, intent.namespaces),
        ...grantProblems(["roles"], intent.roles, words, intent.namespaces),
      ])
        problem(path, message, hint);
      const seconds = secondsOf(intent.tokenDuration);
      if (seconds === undefined || seconds < SHORTEST || seconds > LONGEST)
        problem(
          ["tokenDuration"],
          `"${intent.tokenDuration.slice(0, 100)}" is no duration from 10 minutes on`,
          "write 1h, 90m or 3600s",
        );
      intent.imagePullSecrets.forEach((name, i) => {
        if (!isDnsSubdomain(name) || intent.imagePullSecrets.indexOf(name) < i)
          problem(
            ["imagePullSecrets", i],
            `"${name.slice(0, 100)}" is no name of a Secret, or there twice`,
            "name each Secret once",
          );
      });
      if (intent.name === "default" && intent.token === "secret")
        problem(
          ["token"],
          "every pod of the namespace may use the account default",
          "make an account of its own for what needs the token",
        );
      if (intent.token === "secret" && !isDnsSubdomain(`${intent.name}-token`))
        problem(["name"], "the name is too long for its Secret NAME-token", "take a shorter one");
    }),
);

export type ServiceAccountIntent = z.output<ReturnType<typeof serviceAccountIntent>>;
export type ServiceAccountInput = z.input<ReturnType<typeof serviceAccountIntent>>;

function secondsOf(duration: string): number | undefined {
  const match = /^(\d{1,10})([hms])$/.exec(duration);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2] === "h" ? 3600 : match[2] === "m" ? 60 : 1);
}
