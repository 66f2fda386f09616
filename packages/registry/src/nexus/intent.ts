import { isDnsLabel, isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

/** What {@link nexus} takes. */
export const nexusIntent = once(() =>
  z
    .strictObject({
      issuer: z
        .string()
        .describe("The Keycloak realm whose users log in: https://iam.example.com/realms/master."),
      clientId: z.string().min(1).default("nexus").describe("Client of the realm. Default: nexus."),
      clientSecret: z.secretRef().describe("Where the client's secret comes from."),
      namespace: z.string().default("default").describe("Where Nexus runs. Default: default."),
      deployment: z
        .string()
        .default("nexus-sonatype-nexus")
        .describe(
          "The Deployment that helm made, which is patched. Its image must have the keycloak plugin. Default: nexus-sonatype-nexus.",
        ),
      container: z
        .string()
        .default("nexus")
        .describe("The container of it that runs Nexus, by name. Default: nexus."),
      secretName: z
        .string()
        .default("nexus-keycloak-oidc")
        .describe("Name of the Secret with keycloak.json. Default: nexus-keycloak-oidc."),
      mountPath: z
        .string()
        .default("/opt/sonatype/nexus/etc/keycloak.json")
        .describe(
          "Where the plugin looks for keycloak.json in the container. Default: /opt/sonatype/nexus/etc/keycloak.json.",
        ),
      retention: z
        .record(
          z.string(),
          z.strictObject({
            tags: z
              .string()
              .min(1)
              .max(500)
              .describe(
                "Which images: a regular expression on REPOSITORY/manifests/TAG. tmp-.* are temporary ones.",
              ),
            lastPushedDays: z
              .int()
              .min(1)
              .max(3650)
              .optional()
              .describe(
                "Removed when pushed longer ago than this, in days. Absent: the push does not count.",
              ),
            lastPulledDays: z
              .int()
              .min(1)
              .max(3650)
              .optional()
              .describe("Removed when not pulled for this long, in days. Absent: pulls do not count."),
          }),
        )
        .default({})
        .describe("Cleanup policy → which images it removes. Default: none."),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      if (realmOf(intent.issuer) === undefined)
        problem(
          ["issuer"],
          `${JSON.stringify(intent.issuer.slice(0, 200))} is no realm of Keycloak`,
          "write https://HOST/realms/NAME, without a slash at the end",
        );
      if (!isDnsLabel(intent.namespace))
        problem(["namespace"], "the name is none of a namespace", "use a-z, 0-9 and -, at most 63");
      if (!isDnsLabel(intent.container))
        problem(["container"], "the name is none of a container", "use a-z, 0-9 and -, at most 63");
      for (const field of ["deployment", "secretName"] as const)
        if (!isDnsSubdomain(intent[field]))
          problem([field], "the name is none of an object", "use a-z, 0-9, - and ., at most 253");
      if (!/^\/[^\0:]*\/keycloak\.json$/.test(intent.mountPath) || /\/\.{1,2}\//.test(intent.mountPath))
        problem(
          ["mountPath"],
          "expected the path of a file keycloak.json",
          "write /…/keycloak.json, without ..",
        );
      for (const [name, policy] of Object.entries(intent.retention)) {
        if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/.test(name))
          problem(
            ["retention", name],
            "the name is none of a cleanup policy",
            "use letters, digits, _ . and -",
          );
        if (policy.lastPushedDays === undefined && policy.lastPulledDays === undefined)
          problem(
            ["retention", name],
            "the policy would remove every image that it is for, at once",
            "say after how many days: lastPushedDays or lastPulledDays",
          );
        if (!isRegExp(policy.tags))
          problem(["retention", name, "tags"], "expected a regular expression", "write tmp-.*");
      }
    }),
);

export type NexusIntent = z.output<ReturnType<typeof nexusIntent>>;
export type NexusInput = z.input<ReturnType<typeof nexusIntent>>;

/** The realm's name, and the address of its Keycloak: with `/auth` before Keycloak 17. */
export function realmOf(issuer: string): { readonly server: string; readonly realm: string } | undefined {
  const match = /^(https?:\/\/[^\s/?#@]+(?:\/[^\s?#]+)?)\/realms\/([^\s/?#]+)$/.exec(issuer);
  if (match === null) return undefined;
  return { server: `${match[1]}/`, realm: decoded(match[2] ?? "") };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isRegExp(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
