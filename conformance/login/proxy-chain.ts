import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Claim, seal } from "@ashlar/core";
import {
  type AccessClaim,
  type AuthenticationConfiguration,
  explainLogin,
  identityFindings,
  identityModel,
} from "@ashlar/iam";
import type { Platform } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { untilTokensCount, whoAmI } from "../authentication/server.ts";
import type { ApiClient } from "../components/api-client.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import type { Keycloak } from "../components/keycloak.ts";
import { makeUser, PASSWORD } from "../keycloak/realm-content.ts";
import {
  type BegunLogin,
  backFrom,
  beginLogin,
  exchange,
  logInByProxy,
  type ProxySettings,
  proxySettings,
} from "./as-proxy.ts";
import { formBrowser } from "./form-browser.ts";
import { PROMISES, PROXIED_REALM, proxiedPlatform } from "./proxied-platform.ts";

/** The value of the variable `KUBERNETES_CLIENT_SECRET` that Keycloak is to be started with. */
export const PROXIED_SECRET = "another secret: of the tests + 100 % theirs";

/** The realm to import at the start. */
export function proxiedRealm(): string {
  // Where the issuer is heard is not known before Keycloak runs, and no part of a realm.
  return documentOf(proxiedPlatform(`https://localhost:8443/realms/${PROXIED_REALM}`), REALM_FILE);
}

const REALM_FILE = `realms/${PROXIED_REALM}.json`;
const PEOPLE = { dora: ["developer"], oscar: ["operator"], both: ["developer", "operator"], outsider: [] };

type Person = keyof typeof PEOPLE;

/**
 * From a platform file to a right, through a login as the proxy does it: Keycloak with the platform's realm, kube-apiserver with its flags
 * and its roles. The proxy itself cannot be had; its steps are in as-proxy.ts.
 *
 * @param keycloakOf a running one, by https, with `proxiedRealm` imported
 */
export function proxyChain(keycloakOf: () => Keycloak): void {
  describe("a login by the auth proxy of a platform file, as one chain", () => {
    const ca = () => keycloakOf().certificate!;
    let folder: string;
    let platform: Platform;
    let server: ControlPlane;
    let settings: ProxySettings;
    const ids = new Map<string, string>();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "ashlar-proxied-"));
      const issuer = `https://localhost:${new URL(keycloakOf().url).port}/realms/${PROXIED_REALM}`;
      const configurationFile = join(folder, "proxied-authentication.yaml");
      platform = proxiedPlatform(issuer, { configurationFile, certificateAuthority: ca() });
      expect(documentOf(platform, REALM_FILE)).toBe(proxiedRealm());
      await writeFile(configurationFile, documentOf(platform, "kube-apiserver/authentication.yaml"));
      const flags = documentOf(platform, "kube-apiserver/oidc-flags.txt").trim().split("\n");
      expect(flags).toEqual([`--authentication-config=${configurationFile}`]);
      server = await startControlPlane({ controllers: true, apiServerArgs: flags });
      const { resources } = platform.block;
      const ofRights = (kind: string) => kind === "Namespace" || /Role/.test(kind);
      for (const resource of resources.filter(({ kind }) => ofRights(kind))) {
        const answer = await server.create(resource);
        expect(answer.accepted || answer.status.reason).toBe(true);
      }
      const deployment = resources.find(({ kind }) => kind === "Deployment");
      const [sealed] = platform.block.sealed ?? [];
      expect(sealed?.values["client-secret"]).toEqual({ from: "env", name: "KUBERNETES_CLIENT_SECRET" });
      const { data } = seal(sealed!, {
        "client-secret": PROXIED_SECRET,
        "cookie-secret": "0123456789abcdef0123456789abcdef",
      }) as { readonly data?: Readonly<Record<string, string>> };
      const secret = Buffer.from(data?.["client-secret"] ?? "", "base64").toString("utf8");
      settings = proxySettings(deployment!, secret);
      for (const [username, groups] of Object.entries(PEOPLE))
        ids.set(username, await makeUser(keycloakOf().admin, PROXIED_REALM, username, groups));
      await untilTokensCount(server, (await logInByProxy(settings, "outsider", PASSWORD, ca())).idToken);
    }, 180_000);
    afterAll(async () => {
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** What `ashlar explain login` says of a person. */
    const predicted = (username: Person) => {
      const { identity, resources } = objectSet(platform);
      const model = identityModel({
        realms: identity!.realms,
        authentication: identity!.configurations[0]!.value as AuthenticationConfiguration,
        resources,
      });
      const user = {
        id: ids.get(username)!,
        username,
        email: `${username}@example.test`,
        emailVerified: true,
      };
      return explainLogin(model, { groups: PEOPLE[username], user });
    };

    test("the platform is right offline: its promises are proved", () => {
      const { findings, proofs } = check(objectSet(platform));
      // The Keycloak of the tests is behind no Ingress.
      expect(findings.map(({ code }) => code)).toEqual(["iam/no-issuer-mismatch"]);
      const promised = proofs.filter(({ claim }) => claim.by === "expect");
      expect(promised.map(({ claim, outcome }) => [claim.text, outcome])).toEqual(
        PROMISES.map((text) => [text, "proved"]),
      );
    });

    test.each(Object.keys(PEOPLE) as Person[])(
      "%s: the API server sees in the passed token whom the model predicts",
      async (username) => {
        const { idToken, claims, admits } = await logInByProxy(settings, username, PASSWORD, ca());
        const { authentication, tokens } = predicted(username);
        expect(authentication).toMatchObject({ ok: true, user: `oidc:${username}` });
        const { user, groups } = authentication as { user: string; groups: readonly string[] };
        expect(await whoAmI(server, idToken)).toMatchObject({ user, groups });
        expect(groups).toEqual([...PEOPLE[username].map((name) => `oidc:${name}`), "system:authenticated"]);
        expect(sorted(claims.groups)).toEqual(sorted(tokens?.idToken.groups));
        expect(admits).toBe(PEOPLE[username].length > 0);
      },
    );

    test("every promise about developers holds for one who came through the proxy", async () => {
      const { idToken } = await logInByProxy(settings, "dora", PASSWORD, ca());
      const dora = server.client(idToken);
      const answers = await Promise.all(
        platform.block.claims.filter(isPromise).map((claim) => allowed(dora, claim)),
      );
      const expected = platform.block.claims.filter(isPromise).map(({ expect: word }) => word === "can");
      expect(answers).toEqual(expected);
      expect([...new Set(expected)].sort()).toEqual([false, true]);
      const map = (namespace: string) => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "by-dora", namespace },
      });
      expect(await dora.create(map("dev"))).toMatchObject({ accepted: true });
      expect(await dora.create(map("prod"))).toMatchObject({ accepted: false, status: { code: 403 } });
      dora.close();
    });

    test("a user in no group is known, and may do nothing of it; the bindings that are met are those that the model tells", async () => {
      const rights = async (username: Person) => {
        const { idToken } = await logInByProxy(settings, username, PASSWORD, ca());
        const client = server.client(idToken);
        const answers = await Promise.all(
          platform.block.claims.filter(isPromise).map((claim) => allowed(client, claim)),
        );
        client.close();
        return answers;
      };
      expect(predicted("outsider").bindings).toEqual([]);
      expect(new Set(await rights("outsider"))).toEqual(new Set([false]));
      expect(predicted("oscar").bindings.map(({ binding }) => binding.name)).toEqual([
        "operator:cluster-admin",
      ]);
      expect(new Set(await rights("oscar"))).toEqual(new Set([true]));
    });

    test.each([
      ["another host", (uri: string) => uri.replace("k8s.", "k9s.")],
      ["another path", (uri: string) => `${uri}/x`],
      ["a path above", (uri: string) => uri.replace("/callback", "")],
      ["plain http", (uri: string) => uri.replace("https:", "http:")],
      ["another port", (uri: string) => uri.replace(".test/", ".test:8443/")],
      ["a query", (uri: string) => `${uri}?rd=https://evil.example.test`],
      ["another's host before it", (uri: string) => uri.replace("https://", "https://evil.example.test@")],
    ])("Keycloak refuses a redirect URI with %s, and ours says so", async (_, change) => {
      const login = { realm: PROXIED_REALM, client: "kubernetes", redirectUri: change(settings.redirectUri) };
      const page = async (redirectUri: string) =>
        (await formBrowser(ca()).open((await beginLogin({ ...settings, redirectUri }, ca())).url)).code;
      expect(await page(settings.redirectUri)).toBe(200);
      expect(await page(login.redirectUri)).toBe(400);
      const ours = (redirectUri: string) =>
        identityFindings(
          identityModel({
            realms: objectSet(platform).identity!.realms,
            logins: [{ ...login, redirectUri }],
          }),
        ).map(({ code }) => code);
      expect(ours(login.redirectUri)).toContain("iam/no-unregistered-redirect");
      expect(ours(settings.redirectUri)).not.toContain("iam/no-unregistered-redirect");
    });

    test.each<[string, (begun: BegunLogin) => BegunLogin, (all: ProxySettings) => ProxySettings]>([
      ["without the secret of the client", (begun) => begun, (all) => ({ ...all, clientSecret: "guessed" })],
      ["without the verifier", (begun) => ({ ...begun, verifier: "guessed".repeat(8) }), (all) => all],
      [
        "for another redirect URI",
        (begun) => begun,
        (all) => ({ ...all, redirectUri: "https://k8s.example.test/" }),
      ],
    ])("a stolen code is worth nothing %s", async (_, guess, change) => {
      const begun = await beginLogin(settings, ca());
      const back = await backFrom(begun, "dora", PASSWORD, ca());
      const { code, body } = await exchange(change(settings), guess(begun), back, ca());
      expect(code).toBeGreaterThanOrEqual(400);
      expect(body).not.toHaveProperty("id_token");
    });
  });
}

function documentOf(platform: Platform, path: string): string {
  const found = platform.block.documents.find((document) => document.path === path);
  if (!found) throw new Error(`the platform has no ${path}`);
  return found.text;
}

function isPromise(claim: Claim): claim is AccessClaim {
  return claim.kind === "access" && claim.by === "expect";
}

/** Whether the one request of a claim is allowed to whoever asks, by a review of the server. */
async function allowed(
  client: Pick<ApiClient, "create">,
  { verbs, target, scope }: AccessClaim,
): Promise<boolean> {
  if (verbs.length !== 1 || !("resource" in target)) throw new Error("a promise is of one request");
  const namespace = scope.kind === "namespaces" ? scope.namespaces[0] : undefined;
  const answer = await client.create({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    metadata: { name: "" },
    spec: {
      resourceAttributes: {
        verb: verbs[0],
        resource: target.resource,
        group: target.resource === "deployments" ? "apps" : "",
        ...(namespace !== undefined && { namespace }),
      },
    },
  });
  if (!answer.accepted) throw new Error(answer.status.message);
  return (answer.object.status as { readonly allowed: boolean }).allowed;
}

function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value;
}
