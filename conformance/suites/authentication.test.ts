import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Finding } from "@ashlar/core";
import {
  type Authentication,
  type AuthenticationConfiguration,
  apiServerFlags,
  authenticate,
  authenticationConfiguration,
  checkAuthenticationConfiguration,
  configurationFromFlags,
  groups,
  serviceAccount,
} from "@ashlar/iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { badConfigurations, badFlags, goodConfiguration } from "../authentication/bad-settings.ts";
import { expressionConfigurations } from "../authentication/expressions.ts";
import { type Issuer, startIssuer } from "../authentication/issuer.ts";
import { everybodyMayAsk, refuses, untilTokensCount, whoAmI } from "../authentication/server.ts";
import { claimsToTry, plainClaims } from "../authentication/tokens.ts";
import { acceptAll } from "../components/accept.ts";
import { startControlPlane } from "../components/control-plane.ts";

let issuer: Issuer;
let folder: string;

beforeAll(async () => {
  issuer = await startIssuer();
  folder = mkdtempSync(join(tmpdir(), "ashlar-authentication-"));
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(folder, "service-account.key"), privateKey.export({ type: "pkcs1", format: "pem" }));
});
afterAll(async () => {
  await issuer?.stop();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

const realm = () => `${issuer.base}/realms/platform`;
const now = () => Math.floor(Date.now() / 1000);

/** A way to tell the server, and what of it is given to our model. */
interface Setting {
  readonly args: readonly string[];
  readonly configuration: AuthenticationConfiguration;
}

function byFlags(args: readonly string[]): Setting {
  const read = configurationFromFlags(args);
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return { args, configuration: read.value.configuration };
}

function byFile(configuration: AuthenticationConfiguration): Setting {
  expect(checkAuthenticationConfiguration(configuration).filter(isError)).toEqual([]);
  const file = join(folder, `configuration-${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(configuration));
  return { args: [`--authentication-config=${file}`], configuration };
}

const SETTINGS: readonly (readonly [string, () => Setting])[] = [
  [
    "the flags of 2018",
    () =>
      byFlags([
        `--oidc-issuer-url=${realm()}`,
        "--oidc-client-id=kubernetes",
        "--oidc-groups-claim=groups",
        `--oidc-ca-file=${issuer.caFile}`,
      ]),
  ],
  [
    "flags by an intent, with prefixes and required claims",
    () =>
      byFlags(
        apiServerFlags({
          issuer: realm(),
          clientId: "kubernetes",
          usernameClaim: "preferred_username",
          requiredClaims: { typ: "ID", azp: "kubernetes" },
          caFile: issuer.caFile,
        }),
      ),
  ],
  [
    "flags with the email as user name",
    () =>
      byFlags([
        "--oidc-issuer-url",
        realm(),
        "--oidc_client_id=kubernetes",
        "--oidc-username-claim=email",
        "--oidc-groups-claim=groups",
        "--oidc-groups-prefix=kc:",
        `--oidc-ca-file=${issuer.caFile}`,
      ]),
  ],
  [
    "a file by an intent, without prefixes",
    () =>
      byFile(
        authenticationConfiguration({
          issuer: realm(),
          clientId: "kubernetes",
          audiences: ["dashboard"],
          usernamePrefix: "",
          groupsPrefix: "",
          uidClaim: "sub",
          requiredClaims: { typ: "ID" },
          certificateAuthority: issuer.ca,
          kubernetes: "1.36",
        }),
      ),
  ],
  [
    "the older file by an intent, with the email as user name",
    () =>
      byFile(
        authenticationConfiguration({
          issuer: realm(),
          clientId: "kubernetes",
          usernameClaim: "email",
          groupsClaim: "",
          certificateAuthority: issuer.ca,
          kubernetes: "1.33",
        }),
      ),
  ],
  ["a file with expressions and rules", () => byFile(expressionConfigurations(realm(), issuer.ca)[0]!)],
  [
    "a file with expressions for what may be missing",
    () => byFile(expressionConfigurations(realm(), issuer.ca)[1]!),
  ],
];

let compared = 0;
let accepted = 0;
let unknown = 0;

describe("what the server derives from a token is what authenticate says", () => {
  test.each([...SETTINGS])("%s", async (_, setting) => {
    const { args, configuration } = setting();
    const server = await startControlPlane({ apiServerArgs: args });
    try {
      await everybodyMayAsk(server);
      await untilTokensCount(server, issuer.token(plainClaims(realm(), now())));
      const differences: unknown[] = [];
      for (const [name, claims] of claimsToTry(realm(), now())) {
        const theirs = await whoAmI(server, issuer.token(claims));
        const ours = authenticate(configuration, claims, { now: now() });
        const shown = ours.ok
          ? { user: ours.user, groups: ours.groups, uid: ours.uid, extra: ours.extra }
          : 401;
        if (isUnknown(ours)) unknown++;
        else if (JSON.stringify(theirs) !== JSON.stringify(shown)) differences.push({ name, theirs, ours });
        compared++;
        if (theirs !== 401) accepted++;
      }
      expect(differences).toEqual([]);
    } finally {
      await server.stop();
    }
  });

  test("enough was compared", () => {
    expect(compared).toBe(7 * claimsToTry(realm(), now()).length);
    // Groups that are a number or an object, where an expression turns them into text.
    expect(unknown).toBe(2);
    expect(accepted).toBeGreaterThan(100);
    expect(compared - accepted).toBeGreaterThan(100);
  });
});

describe("settings that the server does not start with are findings", () => {
  test("the settings that are changed for it are ones that it starts with", async () => {
    const file = join(folder, "good.json");
    writeFileSync(file, JSON.stringify(goodConfiguration(realm())));
    expect(await refuses([`--authentication-config=${file}`], folder)).toBeUndefined();
    expect(checkAuthenticationConfiguration(goodConfiguration(realm())).filter(isError)).toEqual([]);
  });

  test("flags", async () => {
    const results = await inPairs(badFlags(realm(), folder), async ({ name, args }) => ({
      name,
      refusal: await refuses(args, folder),
      ours: refusedByUs(args),
    }));
    expect(results.filter(({ refusal = "", ours }) => !SETTING.test(refusal) || !ours)).toEqual([]);
    expect(results.length).toBe(17);
  });

  test("files, with the field that the server names", async () => {
    const results = await inPairs(badConfigurations(realm()), async ({ name, configuration }, i) => {
      const file = join(folder, `bad-${i}.json`);
      writeFileSync(file, JSON.stringify(configuration));
      const issuers = { serviceAccountIssuers: ["https://kubernetes.default.svc"] };
      const errors = checkAuthenticationConfiguration(configuration, issuers).filter(isError);
      const refusal = await refuses([`--authentication-config=${file}`], folder);
      return { name, refusal, fields: fieldsOf(refusal), paths: errors.map(({ path }) => path) };
    });
    const differ = results.filter(
      ({ refusal = "", fields, paths }) =>
        !SETTING.test(refusal) || paths.length === 0 || fields.some((field) => !paths.includes(field)),
    );
    expect(differ).toEqual([]);
    expect(results.length).toBe(41);
    expect(results.filter(({ fields }) => fields.length > 0).length).toBeGreaterThan(30);
  });
});

test("the server takes the objects of groups and service accounts", async () => {
  const server = await startControlPlane();
  try {
    const blocks = [
      groups({
        groups: {
          operator: { cluster: ["cluster-admin"] },
          developer: {
            cluster: ["cluster-view"],
            namespaces: { default: ["view"], prod: ["view"], dev: ["admin"] },
          },
          "/odd:team @a%b~c": { namespaces: { dev: ["own", "view"] } },
        },
        roles: { own: { namespaces: ["dev"], rules: [{ resources: ["pods"], verbs: ["get"] }] } },
      }),
      serviceAccount({
        name: "jenkins.agent",
        namespace: "dev",
        roles: { namespaces: { dev: ["admin"] } },
        automount: false,
      }),
      serviceAccount({
        name: "admin",
        namespace: "default",
        roles: { cluster: ["cluster-admin"] },
        token: "secret",
      }),
    ];
    const resources = blocks.flatMap((block) => block.resources);
    expect(await acceptAll(server, resources)).toEqual([]);
    expect(resources.length).toBeGreaterThan(10);
  } finally {
    await server.stop();
  }
});

function isUnknown(answer: Authentication): boolean {
  return !answer.ok && !answer.refused;
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** What a refusal of settings speaks of. */
const SETTING = /oidc|jwt\[|anonymous|authentication configuration|issuer\.url|unknown flag/;

/** The fields that the server names: `jwt[0].issuer.url: Invalid value: …`. */
function fieldsOf(refusal = ""): string[] {
  return [...refusal.matchAll(/((?:jwt|anonymous)[\w.[\]]*): (?:Invalid|Required|Duplicate|Too many)/g)].map(
    (m) => m[1]!,
  );
}

function refusedByUs(args: readonly string[]): boolean {
  return !configurationFromFlags([...args, "--service-account-issuer=https://kubernetes.default.svc"]).ok;
}

async function inPairs<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += 2)
    results.push(...(await Promise.all(items.slice(i, i + 2).map((item, j) => work(item, i + j)))));
  return results;
}
