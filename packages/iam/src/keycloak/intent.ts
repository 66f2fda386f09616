import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { realmProblems } from "./intent-problems.ts";

const names = once(() => z.array(z.string()).readonly().default([]));
const clientRoles = once(() => z.record(z.string(), z.array(z.string()).readonly()).default({}));

const role = once(() =>
  z.strictObject({
    description: z.string().optional().describe("Shown in Keycloak's console. Absent: none."),
    includes: names().describe("Realm roles that whoever has this one has too. Default: none."),
    clientRoles: clientRoles().describe("Client → its roles that come with this one. Default: none."),
    manages: names().describe(
      "Only in master: realms that this role administers, without acting as their users. Default: none.",
    ),
    views: names().describe("Only in master: realms in which this role sees everything. Default: none."),
    managesUsers: names().describe("Only in master: realms whose users this role manages. Default: none."),
  }),
);

const group = once(() =>
  z.strictObject({
    roles: names().describe("Realm roles that every member has. Default: none."),
    clientRoles: clientRoles().describe("Client → its roles that every member has. Default: none."),
  }),
);

const client = once(() =>
  z.strictObject({
    name: z.string().optional().describe("Shown to users at login. Absent: its id."),
    access: z
      .union([z.literal("confidential"), z.literal("public")])
      .default("confidential")
      .describe(
        "Whether the client has a secret: a server does, a program on users' machines cannot keep one. Default: confidential.",
      ),
    secret: z
      .string()
      .optional()
      .describe(
        `Where the secret comes from: an environment variable of the import, \${NAME}; never a value. Absent: \${ID_CLIENT_SECRET}.`,
      ),
    redirectUris: names().describe(
      "Where logins may come back to, in full: https://HOST/PATH. Default: none.",
    ),
    logins: z
      .array(
        z.strictObject({
          host: z.string().describe("Host of an app that logs in through this client: logs.example.test."),
          callback: z
            .string()
            .default("/oauth2/callback")
            .describe("Path that it is called back at. Default: /oauth2/callback, oauth2-proxy's."),
        }),
      )
      .readonly()
      .default([])
      .describe("Apps whose redirect URIs are added. Default: none."),
    kubelogin: z
      .boolean()
      .default(false)
      .describe("Add what kubectl's login listens on: localhost, ports 8000 and 18000. Default: false."),
    webOrigins: names().describe(
      "Origins whose scripts may call Keycloak: https://HOST; +: those of the redirect URIs. Default: none.",
    ),
    roles: clientRoles().describe(
      "The client's own roles → realm roles that carry each: { developer: [developer] }. Default: none.",
    ),
    groupsClaim: z
      .string()
      .optional()
      .describe(
        "Claim of ID and access tokens that lists the user's roles of this client: groups. Absent: none.",
      ),
    accessTokenFor: names().describe(
      "Clients that the access token is for (`aud`), when it is sent to them. Default: none.",
    ),
    fullScope: z
      .boolean()
      .default(false)
      .describe("Whether tokens have all roles of the user, not this client's alone. Default: false."),
    pkce: z.boolean().default(true).describe("Demand PKCE with S256 at login. Default: true."),
    directAccessGrants: z
      .boolean()
      .default(false)
      .describe("Take a user's password from the client. Default: false."),
    deviceLogin: z
      .boolean()
      .default(false)
      .describe("Let devices without a browser log in by a code. Default: false."),
  }),
);

const otp = once(() =>
  z.strictObject({
    required: z
      .boolean()
      .default(false)
      .describe("Each new user sets one up at the first login. Default: false."),
    type: z
      .union([z.literal("totp"), z.literal("hotp")])
      .default("totp")
      .describe("By time or by counter. Default: totp."),
    algorithm: z
      .union([z.literal("HmacSHA1"), z.literal("HmacSHA256"), z.literal("HmacSHA512")])
      .default("HmacSHA1")
      .describe("Hash; some apps know only HmacSHA1. Default: HmacSHA1."),
    digits: z
      .union([z.literal(6), z.literal(8)])
      .default(6)
      .describe("Digits of a code. Default: 6."),
    periodSeconds: z.int().min(10).max(300).default(30).describe("How long a code is valid. Default: 30."),
  }),
);

const password = once(() =>
  z.strictObject({
    length: z.int().min(1).max(128).default(12).describe("Fewest characters. Default: 12."),
    digits: z.int().min(0).max(64).default(0).describe("Fewest digits. Default: 0."),
    lowerCase: z.int().min(0).max(64).default(0).describe("Fewest lower-case letters. Default: 0."),
    upperCase: z.int().min(0).max(64).default(0).describe("Fewest upper-case letters. Default: 0."),
    specialChars: z.int().min(0).max(64).default(0).describe("Fewest other characters. Default: 0."),
    notUsername: z.boolean().default(true).describe("Refuse the user name. Default: true."),
    notEmail: z.boolean().default(true).describe("Refuse the e-mail address. Default: true."),
    history: z.int().min(0).max(100).default(0).describe("How many former ones are refused. Default: 0."),
    expireDays: z
      .int()
      .min(1)
      .max(3650)
      .optional()
      .describe("Days after which a new one is asked for. Absent: never."),
  }),
);

const lifetimes = once(() =>
  z.strictObject({
    accessTokenSeconds: z
      .int()
      .min(30)
      .max(86_400)
      .optional()
      .describe("Life of access and ID tokens. Absent: Keycloak's, 300."),
    sessionIdleMinutes: z
      .int()
      .min(1)
      .max(525_600)
      .optional()
      .describe("A login ends after so long without use. Absent: Keycloak's, 30."),
    sessionMaxHours: z
      .int()
      .min(1)
      .max(8_760)
      .optional()
      .describe("A login ends after so long. Absent: Keycloak's, 10."),
  }),
);

/** What {@link realm} takes. */
export const realmIntent = once(() =>
  z
    .strictObject({
      name: z
        .string()
        .describe(
          "Name of the realm, as in its issuer URL. `master` is Keycloak's own: it is added to, never replaced.",
        ),
      displayName: z.string().optional().describe("Shown at login. Absent: the name."),
      keycloak: z.string().default("26.7").describe("Version of Keycloak: 26.7. Default: 26.7."),
      roles: z.record(z.string(), role()).default({}).describe("Realm roles. Default: none but Keycloak's."),
      groups: z
        .record(z.string(), group())
        .default({})
        .describe("Groups and the roles that their members have. Default: none."),
      clients: z
        .record(z.string(), client())
        .default({})
        .describe("Client id → what logs in through it. Default: none but Keycloak's."),
      defaultClients: z
        .union([z.literal("enabled"), z.literal("disabled")])
        .default("enabled")
        .describe(
          "Keycloak's own clients: account, account-console, admin-cli, broker, realm-management, security-admin-console. Default: enabled.",
        ),
      otp: otp().optional().describe("One-time passwords. Absent: Keycloak's defaults, nobody has to."),
      password: password().optional().describe("What passwords must have. Absent: anything goes."),
      bruteForce: z
        .boolean()
        .default(true)
        .describe("Lock users out for a while after failed logins. Default: true."),
      lifetimes: lifetimes().optional().describe("How long tokens and logins are valid. Absent: Keycloak's."),
      sslRequired: z
        .union([z.literal("external"), z.literal("all")])
        .default("external")
        .describe("Who must come by https: all, or all but private addresses. Default: external."),
      loginTheme: z.string().optional().describe("Theme of the login pages. Absent: Keycloak's."),
    })
    .superRefine((intent, ctx) => {
      for (const { path, message, hint } of realmProblems(intent as RealmIntent))
        ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
    }),
);

export type RealmIntent = z.output<ReturnType<typeof realmIntent>>;
export type RealmInput = z.input<ReturnType<typeof realmIntent>>;
export type ClientIntent = z.output<ReturnType<typeof client>>;
export type RoleIntent = z.output<ReturnType<typeof role>>;
