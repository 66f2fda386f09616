import { expect, test } from "vitest";
import { readSecret, type SessionOptions, sessionOf } from "./login-options.ts";

const right: SessionOptions = { issuer: "https://iam.k8s.strix.kr/realms/prod", clientId: "kubernetes" };

test("a session is its issuer, its client and its scopes, in whatever order", () => {
  expect(sessionOf({ ...right, scopes: ["profile", "email", "openid"] })).toEqual({
    ...right,
    scopes: ["email", "openid", "profile"],
  });
  expect(sessionOf({ ...right, issuer: "http://127.0.0.1:8180/realms/prod" }).scopes).toEqual(["openid"]);
});

const wrong: readonly (readonly [string, Partial<Record<keyof SessionOptions, unknown>>, RegExp])[] = [
  ["no URL", { issuer: "iam.k8s.strix.kr" }, /is no URL/],
  ["no text", { issuer: 7 }, /is no URL/],
  ["plain http", { issuer: "http://iam.k8s.strix.kr/realms/prod" }, /is http, not https/],
  [
    "plain http of a host that only begins like ours",
    { issuer: "http://127.0.0.1.example.test/" },
    /not https/,
  ],
  ["another scheme", { issuer: "file:///etc/passwd" }, /is file, not https/],
  ["a query", { issuer: "https://iam.k8s.strix.kr/?a=b" }, /query/],
  ["a password", { issuer: "https://user:password@iam.k8s.strix.kr/" }, /user name or password/],
  ["an empty client", { clientId: "" }, /client id/],
  ["a client with a line break", { clientId: "a\nb" }, /client id/],
  ["two scopes in one", { scopes: ["openid email"] }, /"openid email" is no scope/],
  ["an authority that is none", { certificateAuthority: "/etc/ssl/ca.pem" }, /no certificate/],
  ["a request time of nothing", { requestTimeoutSeconds: 0 }, /requestTimeoutSeconds/],
  ["a request time that is no number", { requestTimeoutSeconds: Number.NaN }, /requestTimeoutSeconds/],
];

test.each(wrong)("%s is refused, and passwords are not repeated", (_, change, message) => {
  const work = () => sessionOf({ ...right, ...change } as SessionOptions);
  expect(work).toThrow(
    expect.objectContaining({ code: "bad-input", message: expect.stringMatching(message) }),
  );
  expect(work).not.toThrow(/user:password/);
});

test("a secret is fetched when it is wanted", async () => {
  process.env.ASHLAR_TEST_CLIENT_SECRET = "from the environment";
  expect(await readSecret({ env: "ASHLAR_TEST_CLIENT_SECRET" })).toBe("from the environment");
  delete process.env.ASHLAR_TEST_CLIENT_SECRET;
  expect(await readSecret(undefined)).toBeUndefined();
  expect(await readSecret(async () => "fetched")).toBe("fetched");
  await expect(readSecret({ env: "ASHLAR_TEST_CLIENT_SECRET" })).rejects.toMatchObject({ code: "bad-input" });
  await expect(readSecret(async () => "")).rejects.toMatchObject({ code: "bad-input" });
  await expect(readSecret(() => Promise.reject(new Error("vault is sealed")))).rejects.toMatchObject({
    code: "bad-input",
    cause: { message: "vault is sealed" },
  });
});
