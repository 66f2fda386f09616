import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { authenticationConfiguration } from "./api-server.ts";
import { authenticate } from "./authenticate.ts";
import type { AuthenticationConfiguration, JwtAuthenticator } from "./configuration.ts";
import { configurationFromFlags } from "./flags.ts";

const ISSUER = "https://iam.example.test/realms/platform";
const NOW = 1_700_000_000;
const CLAIMS = {
  iss: ISSUER,
  aud: "kubernetes",
  sub: "42",
  exp: NOW + 60,
  email: "dev1@example.test",
  groups: ["developer"],
};
const now = { now: NOW };
const configuration = authenticationConfiguration({ issuer: ISSUER, clientId: "kubernetes" });

function ofFlags(...flags: string[]): AuthenticationConfiguration {
  const read = configurationFromFlags([
    `--oidc-issuer-url=${ISSUER}`,
    "--oidc-client-id=kubernetes",
    ...flags,
  ]);
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return read.value.configuration;
}

test("an intent gives user and groups their prefix", () => {
  expect(authenticate(configuration, CLAIMS, now)).toEqual({
    ok: true,
    user: "oidc:42",
    groups: ["oidc:developer", "system:authenticated"],
  });
});

describe("user names by flags", () => {
  test.each([
    [[], `${ISSUER}#42`],
    [["--oidc-username-prefix=-"], "42"],
    [["--oidc-username-prefix=kc:"], "kc:42"],
    [["--oidc-username-claim=email"], "dev1@example.test"],
    [["--oidc-username-claim=email", "--oidc-username-prefix=kc:"], "kc:dev1@example.test"],
    [["--oidc-username-claim=groups"], undefined],
    [["--oidc-username-claim=name"], undefined],
  ])("%j: %s", (flags, user) => {
    const answer = authenticate(ofFlags(...flags), CLAIMS, now);
    expect(answer.ok ? answer.user : undefined).toBe(user);
    if (answer.ok) expect(answer.groups).toEqual(["system:authenticated"]);
  });
});

describe("refusals say why", () => {
  test.each<[object, string]>([
    [{ iss: `${ISSUER}/` }, "no authenticator for the issuer"],
    [{ iss: undefined }, "no authenticator for the issuer of none"],
    [{ aud: ["account"] }, 'expected audience ["kubernetes"] got ["account"]'],
    [{ exp: NOW - 1 }, "token is expired"],
    [{ exp: undefined }, "token is expired"],
    [{ exp: "soon" }, "claim exp is no time"],
    [{ nbf: NOW + 61 }, "before the nbf"],
    [{ sub: 42 }, "claim sub is no string"],
    [{ sub: undefined }, 'parse username claims "sub": claim not present'],
    [{ groups: [1] }, 'parse groups claim "groups"'],
    [{ _claim_names: { groups: "x" } }, "source does not exist"],
  ])("%j", (change, reason) => {
    const answer = authenticate(configuration, { ...CLAIMS, ...change }, now);
    expect(answer).toMatchObject({ ok: false, refused: true, reason: expect.stringContaining(reason) });
  });

  test("a token ends at the end of its last second, and may begin a minute ahead", () => {
    expect(authenticate(configuration, { ...CLAIMS, exp: NOW }, now).ok).toBe(true);
    expect(authenticate(configuration, { ...CLAIMS, nbf: NOW + 60 }, now).ok).toBe(true);
  });

  test("an email that is not verified is no user name", () => {
    const byEmail = ofFlags("--oidc-username-claim=email");
    expect(authenticate(byEmail, { ...CLAIMS, email_verified: false }, now)).toMatchObject({
      refused: true,
      reason: "oidc: email not verified",
    });
    expect(authenticate(byEmail, { ...CLAIMS, email_verified: true }, now).ok).toBe(true);
  });

  test("without a prefix the file refuses names of Kubernetes, flags do not", () => {
    const masters = { ...CLAIMS, groups: ["system:masters"] };
    const open = { issuer: ISSUER, clientId: "kubernetes", usernamePrefix: "", groupsPrefix: "" };
    expect(authenticate(authenticationConfiguration(open), masters, now)).toMatchObject({
      refused: true,
      reason: expect.stringContaining("a group from a token must not start with system:"),
    });
    expect(authenticate(authenticationConfiguration(open), { ...CLAIMS, sub: "system:admin" }, now).ok).toBe(
      false,
    );
    expect(authenticate(ofFlags("--oidc-groups-claim=groups"), masters, now)).toMatchObject({
      groups: ["system:masters", "system:authenticated"],
    });
  });

  test("required claims", () => {
    const strict = ofFlags("--oidc-required-claim=typ=ID", "--oidc-required-claim=azp = kubernetes");
    expect(authenticate(strict, { ...CLAIMS, typ: "ID", azp: "kubernetes" }, now).ok).toBe(true);
    expect(authenticate(strict, { ...CLAIMS, typ: "Bearer", azp: "kubernetes" }, now)).toMatchObject({
      reason: "oidc: required claim typ value does not match. Got = Bearer, want = ID",
    });
    expect(authenticate(strict, { ...CLAIMS, typ: "ID" }, now)).toMatchObject({
      reason: "oidc: required claim azp not present in ID token",
    });
  });
});

describe("what cannot be known is unknown", () => {
  const [jwt] = configuration.jwt as [JwtAuthenticator];
  test("CEL that is not ours", () => {
    const own = {
      ...configuration,
      jwt: [{ ...jwt, claimMappings: { username: { expression: "claims.sub.matches('x')" } } }],
    };
    expect(authenticate(own, CLAIMS, now)).toMatchObject({
      ok: false,
      refused: false,
      reason: expect.stringContaining("claims.sub.matches('x')"),
    });
  });

  test("groups that the server would fetch", () => {
    const { groups: _, ...rest } = CLAIMS;
    const claims = {
      ...rest,
      _claim_names: { groups: "x" },
      _claim_sources: { x: { endpoint: "https://x" } },
    };
    expect(authenticate(configuration, claims, now)).toMatchObject({ ok: false, refused: false });
  });
});

test("any claims give an answer", () => {
  const name = fc.constantFrom(
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "sub",
    "groups",
    "_claim_names",
    "_claim_sources",
    "jti",
    "__proto__",
  );
  const claims = fc.array(
    fc.tuple(name, fc.oneof(fc.jsonValue(), fc.constantFrom(ISSUER, "kubernetes", NOW + 9))),
  );
  fc.assert(
    fc.property(claims, (changes) => {
      const answer = authenticate(configuration, { ...CLAIMS, ...Object.fromEntries(changes) }, now);
      expect(typeof answer.ok).toBe("boolean");
      if (answer.ok) expect(answer.groups.at(-1)).toBe("system:authenticated");
    }),
    { seed: 8, numRuns: 1000 },
  );
});
