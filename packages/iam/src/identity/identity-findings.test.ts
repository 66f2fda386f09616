import { describe, expect, test } from "vitest";
import { authenticationConfiguration } from "../oidc/api-server.ts";
import { identityFindings } from "./identity-findings.ts";
import { identityModel } from "./model.ts";
import { ISSUER, json, modelOf, OBJECTS, OIDC, PLATFORM } from "./platform.test-support.ts";

test("what fits together has no finding", () => {
  expect(identityFindings(modelOf())).toEqual([]);
});

describe("disagreements are found, with both places", () => {
  const changed = (change: (value: never) => void) => {
    const value = json(PLATFORM);
    change(value as never);
    return value;
  };
  type Value = {
    clients: {
      clientId: string;
      redirectUris: string[];
      protocolMappers: { config: Record<string, string> }[];
    }[];
  };
  const kubernetes = (value: Value) =>
    value.clients.find((c) => c.clientId === "kubernetes") as Value["clients"][number];
  const dashboard = { client: "kubernetes", redirectUri: "https://k8s.strix.kr/oauth2/callback" };
  const cases: readonly (readonly [
    string,
    Parameters<typeof modelOf>[0],
    string,
    "error" | "warning",
    string,
    string,
  ])[] = [
    [
      "the realm in the issuer",
      { oidc: { issuer: "https://iam.k8s.strix.kr/realms/platfrom" } },
      "iam/no-issuer-mismatch",
      "error",
      "jwt[0].issuer.url",
      'did you mean "platform"?',
    ],
    [
      "the host of the issuer",
      { rest: { keycloakUrl: "https://login.strix.kr" } },
      "iam/no-issuer-mismatch",
      "error",
      "jwt[0].issuer.url",
      "write https://login.strix.kr/realms/platform",
    ],
    [
      "a host that no Ingress serves",
      { oidc: { issuer: "https://iam.k8s.strix.krr/realms/platform" } },
      "iam/no-issuer-mismatch",
      "warning",
      "jwt[0].issuer.url",
      'did you mean "iam.k8s.strix.kr"?',
    ],
    [
      "/auth of old Keycloaks",
      { oidc: { issuer: "https://iam.k8s.strix.kr/auth/realms/platform" } },
      "iam/no-issuer-mismatch",
      "warning",
      "jwt[0].issuer.url",
      "--http-relative-path",
    ],
    [
      "the client id",
      { oidc: { clientId: "kubernets" } },
      "iam/no-client-mismatch",
      "error",
      "jwt[0].issuer.audiences",
      'did you mean "kubernetes"?',
    ],
    [
      "the audience",
      { rest: { kubectl: { client: "wiki", redirectUri: "https://wiki.strix.kr/doku.php" } } },
      "iam/no-audience-mismatch",
      "error",
      "jwt[0].issuer.audiences",
      'add "wiki"',
    ],
    [
      "the audience of an access token",
      { rest: { logins: [{ ...dashboard, token: "access" }] } },
      "iam/no-audience-mismatch",
      "error",
      "jwt[0].issuer.audiences",
      "oidc-audience-mapper",
    ],
    [
      "the name of the groups claim",
      { oidc: { groupsClaim: "group" } },
      "iam/no-groups-claim-mismatch",
      "error",
      "jwt[0].claimMappings.groups.claim",
      'read the claim "groups"',
    ],
    [
      "a prefix that bindings lack",
      { objects: OBJECTS.replace("oidc:developer", "developer") },
      "iam/no-unissued-group",
      "error",
      "subjects[0].name",
      'write "oidc:developer"',
    ],
    [
      "a prefix that tokens lack",
      { oidc: { groupsPrefix: "" } },
      "iam/no-unissued-group",
      "error",
      "subjects[0].name",
      'write "operator"',
    ],
    [
      "a group that nobody has",
      { objects: OBJECTS.replace("oidc:developer", "oidc:develper") },
      "iam/no-unissued-group",
      "warning",
      "subjects[0].name",
      'did you mean "oidc:developer"?',
    ],
    [
      "a redirect URI of kubectl",
      {
        realm: changed((v: Value) => {
          kubernetes(v).redirectUris = ["https://k8s.strix.kr/oauth2/callback"];
        }),
      },
      "iam/no-unregistered-redirect",
      "error",
      "clients[0].redirectUris",
      'add "http://localhost:8000"',
    ],
    [
      "a redirect URI of an app",
      { rest: { logins: [{ ...dashboard, redirectUri: "https://k8s.strix.kr/oauth/callback" }] } },
      "iam/no-unregistered-redirect",
      "error",
      "clients[0].redirectUris",
      'did you mean "https://k8s.strix.kr/oauth2/callback"?',
    ],
    [
      "a redirect to no host of the set",
      { objects: OBJECTS.replace("{ host: wiki.strix.kr }", "{ host: wikis.strix.kr }") },
      "iam/no-unserved-redirect",
      "warning",
      "clients[1].redirectUris[0]",
      'did you mean "wikis.strix.kr"?',
    ],
  ];
  test.each(cases)("%s", (_, change, code, severity, path, hint) => {
    const found = identityFindings(modelOf(change)).filter((f) => f.code === code);
    expect(found[0], JSON.stringify(identityFindings(modelOf(change)))).toMatchObject({
      code,
      severity,
      path,
      hint: expect.stringContaining(hint),
    });
    expect(
      (found[0]?.related?.length ?? 0) > 0 ||
        (severity === "error" && code === "iam/no-unregistered-redirect"),
    ).toBe(true);
  });

  test("a group that no binding names", () => {
    const objects = OBJECTS.replace("oidc:developer", "oidc:operator");
    expect(identityFindings(modelOf({ objects }))).toEqual([
      expect.objectContaining({ code: "iam/no-unbound-group", severity: "warning", path: "groups[0]" }),
    ]);
  });

  test("a mapper that writes another claim is the other place", () => {
    const value = changed((v: Value) => {
      for (const mapper of kubernetes(v).protocolMappers) mapper.config["claim.name"] = "roles";
    });
    const [finding] = identityFindings(modelOf({ realm: value }));
    expect(finding).toMatchObject({
      code: "iam/no-groups-claim-mismatch",
      hint: 'read the claim "roles", or let the mapper write "groups"',
    });
    expect(finding?.related?.[0]).toMatchObject({
      path: "clients[0].protocolMappers[0]",
      message: expect.stringContaining("roles"),
    });
  });

  test("a trailing slash in somebody's configuration", () => {
    const good = authenticationConfiguration(OIDC);
    const jwt = good.jwt.map((one) => ({ ...one, issuer: { ...one.issuer, url: `${ISSUER}/` } }));
    const model = identityModel({ realms: [{ realm: json(PLATFORM) }], authentication: { ...good, jwt } });
    expect(identityFindings(model)).toEqual([
      expect.objectContaining({ code: "iam/no-issuer-mismatch", severity: "error", hint: `write ${ISSUER}` }),
    ]);
  });

  test("groups of certificates and of Kubernetes itself are left alone", () => {
    const objects = `${OBJECTS}---\n${OBJECTS.split("---")[0]?.replace("name: operator", "name: more").replace("oidc:operator", "ops")}`;
    expect(identityFindings(modelOf({ objects }))).toEqual([]);
    expect(identityFindings(modelOf({ objects: objects.replace('"ops"', '"system:masters"') }))).toEqual([]);
  });
});
