import { isDnsLabel, isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { registryLogin } from "../pull-secret/intent.ts";
import { serverProblem, usernameProblem } from "../pull-secret/login-problems.ts";

/** The Secret of pulling when the intent names none. */
const PULL_SECRET = "registry-pull";

/** What {@link registries} takes: registry → who pulls from it where. */
export const registriesIntent = once(() =>
  z
    .record(
      z.string(),
      z.strictObject({
        auth: registryLogin().describe("The account that pulls: one that can only read, best."),
        pullIn: z
          .array(z.string())
          .min(1)
          .readonly()
          .describe("Namespaces that get the Secret: those whose pods run images of the registry."),
        secretName: z
          .string()
          .default(PULL_SECRET)
          .describe(
            `Name of the Secret. Registries of one name share it in a namespace. Default: ${PULL_SECRET}.`,
          ),
        serviceAccounts: z
          .array(z.string())
          .readonly()
          .default(["default"])
          .describe(
            "ServiceAccounts of each namespace whose pods pull with it, patched. []: none, pods name the Secret. Default: default.",
          ),
        push: z
          .strictObject({
            auth: registryLogin().describe("The account that pushes: another one than pulls."),
            in: z.array(z.string()).min(1).readonly().describe("Namespaces where images are built."),
            secretName: z
              .string()
              .default("registry-push")
              .describe("Name of that Secret, for the pods that build to mount. Default: registry-push."),
          })
          .optional()
          .describe("The Secret of pushing, which no ServiceAccount gets. Absent: none."),
      }),
    )
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      const name = (path: PropertyKey[], text: string, what: string, isName: typeof isDnsLabel) =>
        isName(text) ||
        problem(path, `${JSON.stringify(text.slice(0, 100))} is no name of a ${what}`, "use a-z, 0-9 and -");
      const names = (path: PropertyKey[], list: readonly string[], what: string, isName: typeof isDnsLabel) =>
        list.forEach((text, i) => {
          name([...path, i], text, what, isName);
          if (list.indexOf(text) < i) problem([...path, i], `"${text}" stands twice`, "name it once");
        });
      for (const [server, { auth, pullIn, secretName, serviceAccounts, push }] of Object.entries(intent)) {
        const wrong = hostProblem(server);
        if (wrong) problem([server], wrong.message, wrong.hint);
        const bad = usernameProblem(auth.username);
        if (bad) problem([server, "auth", "username"], bad.message, bad.hint);
        names([server, "pullIn"], pullIn, "namespace", isDnsLabel);
        name([server, "secretName"], secretName, "Secret", isDnsSubdomain);
        names([server, "serviceAccounts"], serviceAccounts, "ServiceAccount", isDnsSubdomain);
        if (push === undefined) continue;
        const badPush = usernameProblem(push.auth.username);
        if (badPush) problem([server, "push", "auth", "username"], badPush.message, badPush.hint);
        names([server, "push", "in"], push.in, "namespace", isDnsLabel);
        name([server, "push", "secretName"], push.secretName, "Secret", isDnsSubdomain);
        if (push.secretName === secretName)
          problem(
            [server, "push", "secretName"],
            "pulling and pushing have one Secret",
            "give them two names: whoever pulls would push too",
          );
        else if (push.auth.username === auth.username)
          problem(
            [server, "push", "auth", "username"],
            "the account that pulls also pushes",
            "make a second account that can only read, and pull with that one",
          );
      }
      for (const { path, message } of clashes(intent))
        problem(
          path,
          message,
          "give pulling and pushing, also of different registries, Secrets of their own",
        );
    }),
);

export type RegistriesIntent = z.output<ReturnType<typeof registriesIntent>>;
export type RegistriesInput = z.input<ReturnType<typeof registriesIntent>>;

/** Images name a host: a server in another form would be a second entry for it. */
function hostProblem(server: string) {
  const wrong = serverProblem(server);
  if (wrong) return wrong;
  if (server === "https://index.docker.io/v1/" || /^[^/*]+$/.test(server)) return undefined;
  return {
    message: `${JSON.stringify(server.slice(0, 100))} is more than a host`,
    hint: "write the host and port that images begin with: registry.example.com:5000; for Docker Hub https://index.docker.io/v1/",
  };
}

/** A Secret of one registry that pulls and of another that pushes. */
function clashes(intent: RegistriesIntentParts): { path: PropertyKey[]; message: string }[] {
  const pulls = new Set(
    Object.values(intent).flatMap(({ pullIn, secretName }) => pullIn.map((ns) => `${ns}/${secretName}`)),
  );
  return Object.entries(intent).flatMap(([server, { push, secretName }]) => {
    if (push === undefined || push.secretName === secretName) return [];
    const clash = push.in.find((namespace) => pulls.has(`${namespace}/${push.secretName}`));
    return clash === undefined
      ? []
      : [
          {
            path: [server, "push", "secretName"],
            message: `Secret ${clash}/${push.secretName} would hold logins of pulling and of pushing`,
          },
        ];
  });
}

type RegistriesIntentParts = Readonly<
  Record<
    string,
    {
      readonly pullIn: readonly string[];
      readonly secretName: string;
      readonly push?: { readonly in: readonly string[]; readonly secretName: string } | undefined;
    }
  >
>;
