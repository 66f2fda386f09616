import { type Finding, once, type Result, suggest, zodFindings } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { oddTexts } from "../groups/odd-texts.ts";
import { NO_SYSTEM_NAMES } from "./configuration.ts";
import { hasSlashThatKeycloakLacks, issuerUrlProblems } from "./issuer-url.ts";
import { configurationVersion, isKubernetesVersion } from "./version.ts";

/** Algorithms that kube-apiserver takes (apiserver/plugin/pkg/authenticator/token/oidc, allowedSigningAlgs). */
export const SIGNING_ALGS = [
  "ES256",
  "ES384",
  "ES512",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;

const expressions = (about: string) =>
  z
    .array(
      z.strictObject({
        expression: z.string().describe(`A CEL expression over \`${about}\` that must be true.`),
        message: z
          .string()
          .optional()
          .describe("What the server logs when it is false. Absent: nothing more."),
      }),
    )
    .readonly()
    .default([]);

/** What {@link oidc} takes. */
export const oidcIntent = once(() =>
  z
    .strictObject({
      issuer: z
        .string()
        .describe(
          "URL of the issuer, exactly as its tokens have it in `iss`: https://iam.example.test/realms/NAME.",
        ),
      clientId: z.string().describe("The OIDC client of kubectl; tokens must have it in `aud`."),
      audiences: z
        .array(z.string())
        .readonly()
        .default([])
        .describe(
          "Further audiences that are taken, of which a token has one. Only with a file. Default: none.",
        ),
      usernameClaim: z
        .string()
        .default("sub")
        .describe("The claim that names the user. Default: sub, which never changes."),
      usernamePrefix: z
        .string()
        .default("oidc:")
        .describe('Put before the user name, so that it is nobody else\'s. "": none. Default: oidc:.'),
      groupsClaim: z
        .string()
        .default("groups")
        .describe('The claim that lists the groups. "": tokens give no groups. Default: groups.'),
      groupsPrefix: z
        .string()
        .default("oidc:")
        .describe('Put before each group; bindings name groups with it. "": none. Default: oidc:.'),
      uidClaim: z
        .string()
        .optional()
        .describe("The claim that becomes the user's uid. Only with a file. Absent: none."),
      requiredClaims: z
        .record(z.string(), z.string())
        .default({})
        .describe("Claim → the value that it must have. Default: none."),
      signingAlgs: z
        .array(z.string())
        .readonly()
        .optional()
        .describe("JOSE algorithms of tokens. Only with flags; with a file all are taken. Absent: RS256."),
      caFile: z
        .string()
        .optional()
        .describe(
          "With flags: path, on the server's host, of the certificates that sign the issuer's. Absent: the host's own.",
        ),
      certificateAuthority: z
        .string()
        .optional()
        .describe("With a file: the same as PEM text. Absent: the host's own."),
      claimValidationRules: expressions("claims").describe(
        "What must hold of the claims. Only with a file. Default: none.",
      ),
      userValidationRules: expressions("user").describe(
        "What must hold of the user. Only with a file. Default: none besides that no name starts with system:.",
      ),
      kubernetes: z
        .string()
        .default("1.36")
        .describe("Kubernetes version of the server: 1.36. Default: 1.36."),
      apiServer: z
        .union([z.literal("file"), z.literal("flags")])
        .optional()
        .describe(
          "AuthenticationConfiguration (file) or --oidc-* (flags). Absent: file from 1.30 on, else flags.",
        ),
      configurationFile: z
        .string()
        .default("/etc/kubernetes/authentication.yaml")
        .describe(
          "With a file: where it lies on the server's host. Default: /etc/kubernetes/authentication.yaml.",
        ),
      kops: z
        .boolean()
        .default(false)
        .describe("Also write the flags as part of a kops cluster spec. Default: false."),
      kubectl: z
        .strictObject({
          cluster: z
            .string()
            .describe("Name of the cluster in the kubeconfig; user and context are named after it."),
          namespace: z.string().optional().describe("Namespace of the context. Absent: default."),
          server: z
            .string()
            .optional()
            .describe("URL of the API server. Absent: the kubeconfig has the cluster already."),
          certificateAuthorityData: z
            .string()
            .optional()
            .describe("Certificate authority of the API server, PEM in base64. Absent: the host's own."),
          login: z
            .union([z.literal("oidc-login"), z.literal("ashlar")])
            .default("oidc-login")
            .describe(
              "Program that logs in: kubectl's plugin oidc-login (kubelogin), or ashlar. Default: oidc-login.",
            ),
          scopes: z
            .array(z.string())
            .readonly()
            .default([])
            .describe("Scopes to ask for besides openid. Default: none."),
        })
        .optional()
        .describe("A kubeconfig that logs in. Absent: none."),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path, message, params: { hint }, input: intent });
      for (const path of oddTexts(withoutPem(intent)))
        problem(
          path,
          "expected text of one line, found a control character or half of a character",
          "remove it",
        );
      for (const { message, hint } of issuerUrlProblems(intent.issuer)) problem(["issuer"], message, hint);
      if (hasSlashThatKeycloakLacks(intent.issuer))
        problem(
          ["issuer"],
          "the issuer ends in a slash that Keycloak's tokens do not have: every token would be refused",
          `write ${intent.issuer.replace(/\/+$/, "")}`,
        );
      const required = { clientId: intent.clientId, usernameClaim: intent.usernameClaim };
      for (const [key, value] of Object.entries(required))
        if (value === "")
          problem([key], `expected a ${key === "clientId" ? "client" : "claim"}, found nothing`, "name one");
      intent.audiences.forEach((audience, i) => {
        if (audience === "" || audience === intent.clientId || intent.audiences.indexOf(audience) < i)
          problem(
            ["audiences", i],
            `${JSON.stringify(audience)} is empty or named twice`,
            "remove it: clientId is one already",
          );
      });
      intent.signingAlgs?.forEach((name, i) => {
        if (!(SIGNING_ALGS as readonly string[]).includes(name))
          problem(
            ["signingAlgs", i],
            `unknown algorithm ${JSON.stringify(name)}`,
            suggest(name, SIGNING_ALGS),
          );
      });
      if (intent.usernamePrefix === "-")
        problem(
          ["usernamePrefix"],
          'the prefix "-" means none as a flag, and itself in a file',
          'write "" for none',
        );
      if (!isKubernetesVersion(intent.kubernetes)) {
        problem(
          ["kubernetes"],
          `${JSON.stringify(intent.kubernetes)} is no Kubernetes version`,
          "write 1.36",
        );
        return;
      }
      const form = formOf(intent);
      if (form === "file" && configurationVersion(intent.kubernetes) === undefined)
        problem(
          ["apiServer"],
          `Kubernetes ${intent.kubernetes} has no AuthenticationConfiguration that is on by default`,
          'write apiServer: "flags"; files are for 1.30 and later',
        );
      for (const { path, message, hint } of unsaidProblems(intent as OidcIntent, form))
        problem([...path], message, hint);
      if (intent.certificateAuthority !== undefined && !isPem(intent.certificateAuthority))
        problem(
          ["certificateAuthority"],
          "expected certificates as PEM text",
          "write -----BEGIN CERTIFICATE----- … -----END CERTIFICATE-----",
        );
      for (const key of ["claimValidationRules", "userValidationRules"] as const)
        intent[key].forEach(({ expression }, i) => {
          const earlier = [
            ...(key === "userValidationRules" ? NO_SYSTEM_NAMES : []),
            ...intent[key].slice(0, i),
          ];
          if (expression === "" || earlier.some((rule) => rule.expression === expression))
            problem([key, i, "expression"], "the expression is empty or there already", "remove the rule");
        });
      const { kubectl } = intent;
      if (kubectl?.cluster === "")
        problem(["kubectl", "cluster"], "expected the cluster's name, found nothing", "name it");
      if (kubectl?.server !== undefined && !/^https:\/\/[^/\s]+/.test(kubectl.server))
        problem(
          ["kubectl", "server"],
          `${JSON.stringify(kubectl.server)} is no https URL`,
          "write https://api.example.test",
        );
    }),
);

export type OidcIntent = z.output<ReturnType<typeof oidcIntent>>;
export type OidcInput = z.input<ReturnType<typeof oidcIntent>>;

function withoutPem<I extends { certificateAuthority?: unknown }>({ certificateAuthority: _, ...rest }: I) {
  return rest;
}

/** An intent with its defaults, or what is wrong with it. */
export function readOidcIntent(input: unknown): Result<OidcIntent> {
  const parsed = oidcIntent().safeParse(input, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, findings: zodFindings(parsed.error, oidcIntent(), "iam/valid-intent") };
}

/** How the server is told: asked for, or what its version has. */
export function formOf(intent: Pick<OidcIntent, "apiServer" | "kubernetes">): "file" | "flags" {
  return intent.apiServer ?? (configurationVersion(intent.kubernetes) === undefined ? "flags" : "file");
}

interface Problem extends Pick<Finding, "message" | "hint"> {
  readonly path: readonly PropertyKey[];
}

/** What the intent says and the chosen form cannot. */
export function unsaidProblems(intent: OidcIntent, form: "file" | "flags" | "kops"): Problem[] {
  const problems: Problem[] = [];
  const unsaid = (key: keyof OidcIntent, hint: string) => {
    const value = intent[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return;
    const as = form === "file" ? "the file" : form === "flags" ? "flags" : "a kops spec";
    problems.push({ path: [key], message: `${as} cannot say ${key}`, hint });
  };
  if (form === "file") {
    unsaid("signingAlgs", "leave it out: with a file every algorithm that the server knows is taken");
    unsaid("caFile", "write the certificates into certificateAuthority");
    if (intent.kops)
      problems.push({
        path: ["kops"],
        message: "a kops spec holds flags",
        hint: 'write apiServer: "flags", or kops: false',
      });
    return problems;
  }
  for (const key of ["audiences", "uidClaim", "claimValidationRules", "userValidationRules"] as const)
    unsaid(key, 'write apiServer: "file"');
  unsaid("certificateAuthority", "write caFile, the path of a file on the server's host");
  if (form === "kops" || intent.kops) unsaid("signingAlgs", "leave it out, or write kops: false");
  for (const [claim, value] of Object.entries(intent.requiredClaims))
    if (claim === "" || claim.includes("=") || claim !== claim.trim() || value !== value.trim())
      problems.push({
        path: ["requiredClaims", claim],
        message: `a flag cannot say that ${JSON.stringify(claim)} must be ${JSON.stringify(value)}`,
        hint: 'no spaces at an end, no = in the name; or write apiServer: "file"',
      });
  return problems;
}

function isPem(text: string): boolean {
  return (
    /^[\t\n\r -~]*$/.test(text) &&
    /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.test(text)
  );
}
