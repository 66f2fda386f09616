import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ExecCredentialOptions, execCredential } from "./exec-credential.ts";
import { type FakeIssuer, fakeIssuer } from "./fake-issuer.test-support.ts";
import { login } from "./login.ts";

let provider: FakeIssuer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-exec-"));
  provider = await fakeIssuer();
});
afterEach(async () => {
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

const info = (apiVersion: string, spec: unknown = { interactive: true }) =>
  JSON.stringify({ apiVersion: `client.authentication.k8s.io/${apiVersion}`, kind: "ExecCredential", spec });

function options(execInfo: string): ExecCredentialOptions {
  const openBrowser = async (url: string) => {
    await fetch(url);
  };
  const cacheFolder = join(folder, "tokens");
  return { issuer: provider.issuer, clientId: "kubernetes", listen: 0, openBrowser, cacheFolder, execInfo };
}

test.each(["v1", "v1beta1"])("answers %s in its own version", async (version) => {
  const credential = await execCredential(options(info(version)));
  const tokens = await login(options(""));
  expect(credential).toEqual({
    apiVersion: `client.authentication.k8s.io/${version}`,
    kind: "ExecCredential",
    status: {
      token: tokens.idToken,
      expirationTimestamp: new Date(Date.parse(tokens.expiresAt) - 20_000)
        .toISOString()
        .replace(".000Z", "Z"),
    },
  });
  expect(provider.asked.filter((one) => one === "authorize")).toHaveLength(1);
});

test("started by hand it is v1, and may ask", async () => {
  expect(await execCredential(options(""))).toMatchObject({ apiVersion: "client.authentication.k8s.io/v1" });
});

test("asks nobody when kubectl has no terminal to lend", async () => {
  const quiet = options(info("v1", { interactive: false }));
  await expect(execCredential(quiet)).rejects.toMatchObject({
    code: "login-needed",
    hint: expect.stringContaining("ashlar login"),
  });
  expect(provider.asked).toEqual([]);
  await execCredential(options(info("v1")));
  expect((await execCredential(quiet)).status.token).toMatch(/^eyJ/);
});

test.each([
  ["v1alpha1", info("v1alpha1"), /v1alpha1, which kubectl dropped/],
  ["an unknown version", info("v2"), /"client\.authentication\.k8s\.io\/v2", which we do not know/],
  ["another kind", JSON.stringify({ kind: "TokenReview" }), /of kind "TokenReview"/],
  ["no interactive", info("v1", {}), /no spec\.interactive/],
  ["no spec", info("v1", null), /no spec\.interactive/],
  ["no JSON", "{", /no JSON object/],
  ["a number", "1", /no JSON object/],
  ["null", "null", /no JSON object/],
])("refuses %s before anybody is asked", async (_, execInfo, message) => {
  await expect(execCredential(options(execInfo))).rejects.toMatchObject({
    name: "LiveError",
    code: "bad-input",
    message: expect.stringMatching(message),
  });
  expect(provider.asked).toEqual([]);
});
