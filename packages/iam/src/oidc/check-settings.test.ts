import { IntentError } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apiServerFlags, authenticationConfiguration, kopsOidc } from "./api-server.ts";
import { checkAuthenticationConfiguration } from "./check-configuration.ts";
import { configurationFromFlags } from "./flags.ts";
import type { OidcInput } from "./intent.ts";
import { issuerUrlProblems } from "./issuer-url.ts";
import { oidc } from "./oidc.ts";

const ISSUER = "https://iam.example.test/realms/platform";
const plain: OidcInput = { issuer: ISSUER, clientId: "kubernetes" };

describe("URLs of issuers", () => {
  test.each([
    ISSUER,
    "HTTPS://iam",
    "https://iam:8443/a?",
    "https://[::1]:8443/x",
    "https://iam/%41",
    "https://xn--x.test",
  ])("%s is one", (url) => expect(issuerUrlProblems(url)).toEqual([]));
  test.each([
    ["", "found nothing"],
    ["http://iam", "must be https"],
    ["iam.example.test", "starts with https://"],
    ["https://a:b@iam", "no user name"],
    ["https://iam/?a=b", "no query"],
    ["https://iam/#x", "no fragment"],
    ["https://a b/", "no URL"],
    ["https://iam:port/", "no URL"],
    ["https://iam/\n", "control characters"],
    ["https://iam/%zz", "no URL"],
  ])("%j is none: %s", (url, message) => {
    expect(issuerUrlProblems(url)[0]?.message).toContain(message);
  });
  test("a password is not repeated", () => {
    expect(JSON.stringify(issuerUrlProblems("https://a:hunter2@iam/"))).not.toContain("hunter2");
  });
});

describe("intents", () => {
  test.each<[string, object, string, string]>([
    ["a realm with a slash", { issuer: `${ISSUER}/` }, "issuer", `write ${ISSUER}`],
    ["no TLS", { issuer: "http://iam" }, "issuer", "https://"],
    ["no client", { clientId: "" }, "clientId", "name one"],
    ["an audience twice", { audiences: ["kubernetes"] }, "audiences[0]", "remove"],
    [
      "a misspelt algorithm",
      { apiServer: "flags", signingAlgs: ["RS265"] },
      "signingAlgs[0]",
      'did you mean "RS256"?',
    ],
    ["algorithms in a file", { signingAlgs: ["RS256"] }, "signingAlgs", "leave it out"],
    ["a path in a file", { caFile: "/ca.crt" }, "caFile", "certificateAuthority"],
    ["text by flags", { apiServer: "flags", certificateAuthority: "x" }, "certificateAuthority", "caFile"],
    ["audiences by flags", { apiServer: "flags", audiences: ["a"] }, "audiences", 'apiServer: "file"'],
    ["a file before 1.30", { kubernetes: "1.29", apiServer: "file" }, "apiServer", "flags"],
    ["no version", { kubernetes: "new" }, "kubernetes", "1.36"],
    ["kops with a file", { kops: true }, "kops", "flags"],
    [
      "a claim that a flag cuts",
      { apiServer: "flags", requiredClaims: { "a=b": "c" } },
      'requiredClaims["a=b"]',
      "no =",
    ],
    ["a dash as prefix", { usernamePrefix: "-" }, "usernamePrefix", '""'],
    ["no certificate", { certificateAuthority: "/etc/ca.crt" }, "certificateAuthority", "BEGIN CERTIFICATE"],
    [
      "our own rule again",
      { userValidationRules: [{ expression: "!user.username.startsWith('system:')" }] },
      "userValidationRules[0].expression",
      "remove",
    ],
    ["a server without TLS", { kubectl: { cluster: "a", server: "http://a" } }, "kubectl.server", "https"],
    ["a line break in a prefix", { groupsPrefix: "a\nb" }, "groupsPrefix", "remove"],
    ["an unknown field", { isuer: ISSUER }, "isuer", 'did you mean "issuer"?'],
  ])("%s", (_, change, path, hint) => {
    const result = oidc.safe({ ...plain, ...change });
    if (result.ok) throw new Error("it is valid");
    const found = result.findings.find((finding) => finding.path === path);
    expect(found, JSON.stringify(result.findings)).toMatchObject({
      code: "iam/valid-intent",
      severity: "error",
    });
    expect(found?.hint).toContain(hint);
  });

  test("what a form cannot say is refused by its function", () => {
    expect(() => apiServerFlags({ ...plain, audiences: ["a"] })).toThrow(IntentError);
    expect(() => kopsOidc({ ...plain, signingAlgs: ["RS256"] })).toThrow(/kops spec cannot say signingAlgs/);
    expect(() => authenticationConfiguration({ ...plain, kubernetes: "1.28" })).toThrow(
      /no AuthenticationConfiguration/,
    );
  });

  test.each([
    ["1.36", "apiserver.config.k8s.io/v1"],
    ["v1.34.2", "apiserver.config.k8s.io/v1"],
    ["1.33", "apiserver.config.k8s.io/v1beta1"],
    ["1.30", "apiserver.config.k8s.io/v1beta1"],
  ])("the file of %s is of %s", (kubernetes, apiVersion) => {
    expect(authenticationConfiguration({ ...plain, kubernetes }).apiVersion).toBe(apiVersion);
  });
});

describe("flags", () => {
  test("what is written is read back as the same user names", () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "b", ":", "#", "-", "/", "=", ","),
      minLength: 1,
      maxLength: 6,
    });
    const intents = fc.record({
      usernameClaim: fc.constantFrom("sub", "email", "name"),
      usernamePrefix: fc.oneof(
        fc.constant(""),
        word.filter((text) => text !== "-"),
      ),
      groupsClaim: fc.constantFrom("groups", "roles"),
      groupsPrefix: fc.oneof(fc.constant(""), word),
      requiredClaims: fc.dictionary(fc.constantFrom("typ", "azp"), word),
    });
    fc.assert(
      fc.property(intents, (intent) => {
        const read = configurationFromFlags(apiServerFlags({ ...plain, ...intent }));
        const { claimMappings, claimValidationRules, issuer } = authenticationConfiguration({
          ...plain,
          ...intent,
        }).jwt[0]!;
        const jwt = { issuer, ...(claimValidationRules && { claimValidationRules }), claimMappings };
        expect(read.ok && read.value.configuration.jwt).toEqual([jwt]);
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  test("those of 2018 are taken, with a warning", () => {
    const read = configurationFromFlags([
      `--oidc-issuer-url=${ISSUER}`,
      "--oidc-client-id=kubernetes",
      "--oidc-groups-claim=groups",
    ]);
    if (!read.ok) throw new Error("refused");
    expect(read.value.signingAlgs).toEqual(["RS256"]);
    expect(read.value.warnings.map(({ code, severity, path }) => [code, severity, path])).toEqual([
      ["iam/require-token-prefix", "warning", "--oidc-groups-prefix"],
    ]);
  });

  test("flags beside a file are refused, and so is one that does not exist", () => {
    const read = configurationFromFlags([
      "--oidc-groups-claim=g",
      "--authentication-config=/a.yaml",
      "--oidc-group-claim=g",
    ]);
    expect(read.ok ? [] : read.findings.map(({ code, hint }) => [code, hint])).toEqual([
      ["iam/valid-oidc-flags", 'did you mean "oidc-groups-claim"?'],
      ["iam/valid-oidc-flags", "write what the flags say into the file, and remove every --oidc-* flag"],
    ]);
  });

  test("other flags are passed over, and none is no issuer", () => {
    const read = configurationFromFlags(["--v=4", "--secure-port", "6443", "--", "--oidc-issuer-url=x"]);
    expect(read.ok && read.value.configuration.jwt).toEqual([]);
  });

  test("any arguments give flags or findings", () => {
    const part = fc.constantFrom(
      "--oidc-issuer-url",
      "=",
      ISSUER,
      "--oidc-client-id=a",
      "--oidc_required_claim",
      "a=b",
      "--",
      "--oidc-x",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string())), (argv) => {
        const read = configurationFromFlags(argv);
        if (!read.ok) expect(read.findings.length).toBeGreaterThan(0);
      }),
      { seed: 10, numRuns: 500 },
    );
  });
});

describe("files", () => {
  test("our own has no finding, in any form", () => {
    expect(checkAuthenticationConfiguration(authenticationConfiguration(plain))).toEqual([]);
    const open = authenticationConfiguration({ ...plain, usernamePrefix: "", groupsPrefix: "" });
    expect(checkAuthenticationConfiguration(open)).toEqual([]);
  });

  test("a slash and missing prefixes are warnings", () => {
    const { userValidationRules: _, ...jwt } = authenticationConfiguration({
      ...plain,
      groupsPrefix: "",
      usernamePrefix: "",
    }).jwt[0]!;
    const configuration = {
      ...authenticationConfiguration(plain),
      jwt: [{ ...jwt, issuer: { ...jwt.issuer, url: `${ISSUER}/` } }],
    };
    expect(
      checkAuthenticationConfiguration(configuration).map(({ code, severity }) => [code, severity]),
    ).toEqual([
      ["iam/no-trailing-slash-issuer", "warning"],
      ["iam/require-token-prefix", "warning"],
      ["iam/require-token-prefix", "warning"],
    ]);
  });

  test("v1 on a server that has v1beta1", () => {
    const found = checkAuthenticationConfiguration(authenticationConfiguration(plain), {
      kubernetes: "1.32",
    });
    expect(found[0]).toMatchObject({ path: "apiVersion", hint: "write apiserver.config.k8s.io/v1beta1" });
  });

  test("any JSON gives findings, not an error", () => {
    const keys = fc.constantFrom(
      "jwt",
      "issuer",
      "url",
      "audiences",
      "claimMappings",
      "username",
      "groups",
      "claim",
      "anonymous",
      "userValidationRules",
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.dictionary(keys, tie("value")),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, (document) => {
        expect(checkAuthenticationConfiguration(document).length).toBeGreaterThan(0);
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});
