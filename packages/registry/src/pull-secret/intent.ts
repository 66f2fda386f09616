import { isDnsLabel, isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { serverProblem, usernameProblem } from "./login-problems.ts";

/** What kubectl logs in to when no server is given: Docker Hub, by the name that Docker clients look for. */
export const HUB_SERVER = "https://index.docker.io/v1/";

/** Who logs in to one registry; the password is a reference. */
export const registryLogin = once(() =>
  z.strictObject({
    username: z
      .string()
      .describe("User name. Without a colon: what reads the Secret takes the first one for its end."),
    email: z
      .string()
      .default("")
      .describe("Mail address of the account; no registry needs it. Default: none."),
    password: z
      .secretRef()
      .optional()
      .describe(
        "Where the password comes from. Default: the environment variable HOST_PASSWORD, such as REGISTRY_EXAMPLE_COM_PASSWORD.",
      ),
  }),
);

/** What {@link pullSecret} takes: one registry (`server`, `username`), or several (`registries`). */
export const pullSecretIntent = once(() =>
  z
    .strictObject({
      name: z.string().default("registry-pull").describe("Name of the Secret. Default: registry-pull."),
      namespace: z.string().optional().describe("Its namespace. Absent: kubectl's context decides."),
      server: z
        .string()
        .default(HUB_SERVER)
        .describe(`The registry, with its port, as images name it. Default: Docker Hub (${HUB_SERVER}).`),
      username: z.string().optional().describe("User name of the one registry. Absent: see registries."),
      email: z.string().default("").describe("Mail address of that account. Default: none."),
      password: z
        .secretRef()
        .optional()
        .describe("Where its password comes from. Default: the environment variable HOST_PASSWORD."),
      registries: z
        .record(z.string(), registryLogin())
        .optional()
        .describe("Several registries in one Secret: server → who logs in. Instead of username."),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      if (!isDnsSubdomain(intent.name))
        problem(["name"], "the name is none of a Secret", "use a-z, 0-9, - and ., at most 253");
      if (intent.namespace !== undefined && !isDnsLabel(intent.namespace))
        problem(["namespace"], "the name is none of a namespace", "use a-z, 0-9 and -, at most 63");
      if ((intent.username === undefined) === (intent.registries === undefined))
        problem(
          ["username"],
          "expected one of username and registries",
          'write { server: "registry.example.com", username: "robot" }, or registries with a username for each',
        );
      if (intent.registries !== undefined && Object.keys(intent.registries).length === 0)
        problem(["registries"], "there is no registry", "name at least one");
      const logins: (readonly [PropertyKey[], string, string, PropertyKey[]])[] =
        intent.username === undefined
          ? Object.entries(intent.registries ?? {}).map(([server, { username }]) => [
              ["registries", server],
              server,
              username,
              ["registries", server, "username"],
            ])
          : [[["server"], intent.server, intent.username, ["username"]]];
      for (const [path, server, username, userPath] of logins) {
        const wrong = serverProblem(server);
        if (wrong) problem(path, wrong.message, wrong.hint);
        const bad = usernameProblem(username);
        if (bad) problem(userPath, bad.message, bad.hint);
      }
    }),
);

export type PullSecretIntent = z.output<ReturnType<typeof pullSecretIntent>>;
export type PullSecretInput = z.input<ReturnType<typeof pullSecretIntent>>;
