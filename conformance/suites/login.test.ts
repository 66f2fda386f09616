import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";
import { authenticationConfiguration, groups } from "@ashlar/iam";
import {
  idTokenClaims,
  LiveError,
  type LoginOptions,
  login,
  logout,
  refreshTokens,
  type SessionOptions,
} from "@ashlar/iam/live";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { selfSignedCertificate } from "../components/certificate.ts";
import { chromiumProgram, startChromium } from "../components/chromium.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { type Keycloak, startKeycloak } from "../components/keycloak.ts";
import { keycloakInstall } from "../components/keycloak-install.ts";
import { kubectlProgram } from "../components/kubectl.ts";
import { freePort } from "../components/process.ts";
import { type LoginUser, loginRealm } from "../keycloak/login-realm.ts";
import { formBrowser, logIn } from "../login/form-browser.ts";
import { PROXIED_REALM } from "../login/proxied-platform.ts";
import { PROXIED_SECRET, proxiedRealm, proxyChain } from "../login/proxy-chain.ts";

const REALM = "platform";
const PASSWORDS = { dev1: "dev1 of the tests", op1: "op1 of the tests" };
const CLIENT_SECRET = "a secret of the tests, and of nothing else";

let keycloak: Keycloak;
let cluster: ControlPlane;
let folder: string;
let port: number;
let base: SessionOptions & { readonly certificateAuthority: string; readonly listen: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-login-"));
  port = await freePort();
  keycloak = await startKeycloak({
    realms: [
      { name: REALM, json: loginRealm(REALM, port) },
      { name: PROXIED_REALM, json: proxiedRealm() },
    ],
    env: {
      KUBERNETES_CLIENT_SECRET: PROXIED_SECRET,
      DEV1_PASSWORD: PASSWORDS.dev1,
      OP1_PASSWORD: PASSWORDS.op1,
      CONFIDENTIAL_CLIENT_SECRET: CLIENT_SECRET,
    },
    https: true,
  });
  const issuer = `${keycloak.url}/realms/${REALM}`;
  const configuration = authenticationConfiguration({
    issuer,
    clientId: "kubernetes",
    usernameClaim: "preferred_username",
    certificateAuthority: keycloak.certificate!,
  });
  const configurationFile = join(folder, "authentication.json");
  await writeFile(configurationFile, JSON.stringify(configuration));
  cluster = await startControlPlane({
    controllers: true,
    apiServerArgs: [`--authentication-config=${configurationFile}`],
  });
  for (const resource of platformAccess()) {
    const answer = await cluster.create(resource);
    expect(answer.accepted || answer.status.reason).toBe(true);
  }
  base = {
    issuer,
    clientId: "kubernetes",
    certificateAuthority: keycloak.certificate!,
    listen: port,
    timeoutSeconds: 60,
  };
}, 420_000);

afterAll(async () => {
  await cluster?.stop();
  await keycloak?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What the platform's groups may do, for groups as the API server derives them from a token. */
function platformAccess() {
  const { resources } = groups({
    groups: {
      operator: { cluster: ["cluster-admin"] },
      developer: { cluster: ["cluster-view"], namespaces: { prod: ["view"], dev: ["admin"] } },
    },
  });
  const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return [namespace("dev"), namespace("prod"), ...resources];
}

/** Sends the login form as a person would, and counts how often it had to. */
function person(user: LoginUser, seen: string[] = []) {
  return async (url: string) => {
    seen.push(url);
    await logIn(formBrowser(keycloak.certificate), url, user, PASSWORDS[user]);
  };
}

describe("a login by the browser flow", () => {
  test("gives an ID token with the person's groups, which the API server takes", async () => {
    const tokens = await login({ ...base, cacheFolder: false, openBrowser: person("dev1") });
    expect(idTokenClaims(tokens.idToken)).toMatchObject({
      iss: base.issuer,
      aud: "kubernetes",
      preferred_username: "dev1",
      groups: ["developer"],
    });
    const dev = cluster.client(tokens.idToken);
    // The API server looks for the issuer's keys a moment after it is up.
    await expect
      .poll(async () => (await dev.get("/api/v1/namespaces/dev/pods")).code, { timeout: 40_000 })
      .toBe(200);
    const review = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "SelfSubjectReview",
      metadata: { name: "" },
    };
    expect(await dev.create(review)).toMatchObject({
      object: {
        status: { userInfo: { username: "oidc:dev1", groups: ["oidc:developer", "system:authenticated"] } },
      },
    });
    const configMap = (namespace: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "by-dev1", namespace },
    });
    expect(await dev.create(configMap("dev"))).toMatchObject({ accepted: true });
    expect((await dev.get("/api/v1/namespaces/prod/pods")).code).toBe(200);
    expect(await dev.create(configMap("prod"))).toMatchObject({ accepted: false, status: { code: 403 } });
    expect((await dev.get("/api/v1/namespaces/prod/secrets")).code).toBe(403);
    expect((await dev.get("/api/v1/nodes")).code).toBe(200);
  });

  test("happens once: the token file and the refresh token do the rest", async () => {
    const cacheFolder = join(folder, "once");
    const seen: string[] = [];
    const options = { ...base, cacheFolder, openBrowser: person("dev1", seen) };
    const [first, meanwhile] = await Promise.all([login(options), login(options)]);
    expect(meanwhile).toEqual(first);
    expect(await login(options)).toEqual(first);
    expect(seen).toEqual([`http://localhost:${port}/`]);

    const again = await refreshTokens(first, base);
    expect(again.idToken).not.toBe(first.idToken);
    expect(idTokenClaims(again.idToken)).toMatchObject({
      groups: ["developer"],
      sub: idTokenClaims(first.idToken)?.sub,
    });

    const files = await readdir(cacheFolder);
    expect(files).toHaveLength(1);
    expect((await stat(join(cacheFolder, files[0]!))).mode & 0o777).toBe(0o600);
    expect((await stat(cacheFolder)).mode & 0o777).toBe(0o700);

    expect(await logout({ ...base, cacheFolder })).toBe(true);
    expect(await readdir(cacheFolder)).toEqual([]);
    await expect(refreshTokens(first, base)).rejects.toMatchObject({ code: "refused" });
    expect(await logout({ ...base, cacheFolder })).toBe(false);
  });

  test("is driven by a real Chromium", async () => {
    const chromium = await startChromium();
    try {
      const context = await chromium.newContext({ ignoreHTTPSErrors: true });
      const page = await context.newPage();
      const tokens = await login({
        ...base,
        cacheFolder: false,
        openBrowser: async (url) => {
          await page.goto(url);
          await page.fill("#username", "op1");
          await page.fill("#password", PASSWORDS.op1);
          await page.click("#kc-login");
        },
      });
      await page.waitForSelector("text=You are logged in.");
      expect(idTokenClaims(tokens.idToken)).toMatchObject({
        preferred_username: "op1",
        groups: ["operator"],
      });
      expect((await cluster.client(tokens.idToken).get("/api/v1/secrets")).code).toBe(200);
    } finally {
      await chromium.close();
    }
  });

  test("works with a confidential client, whose secret comes from the environment", async () => {
    vi.stubEnv("ASHLAR_TEST_SECRET", CLIENT_SECRET);
    try {
      const tokens = await login({
        ...base,
        clientId: "confidential",
        clientSecret: { env: "ASHLAR_TEST_SECRET" },
        cacheFolder: false,
        openBrowser: person("dev1"),
      });
      expect(idTokenClaims(tokens.idToken)).toMatchObject({ aud: "confidential" });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe("a login by the device flow", () => {
  test("is finished in a browser that knows nothing of this machine", async () => {
    const tokens = await login({
      ...base,
      flow: "device",
      cacheFolder: false,
      onDeviceCode: ({ verificationUri, verificationUriComplete, userCode, expiresInSeconds }) => {
        expect(new URL(verificationUri).origin).toBe(keycloak.url);
        expect(verificationUriComplete).toContain(userCode);
        expect(expiresInSeconds).toBeGreaterThan(60);
        // Not waited for: the person types while we poll.
        approveDevice(verificationUriComplete!).catch((error: unknown) => console.error(error));
      },
    });
    expect(idTokenClaims(tokens.idToken)).toMatchObject({
      preferred_username: "dev1",
      groups: ["developer"],
    });
  });

  async function approveDevice(url: string) {
    const browser = formBrowser(keycloak.certificate);
    const consent = await logIn(browser, url, "dev1", PASSWORDS.dev1);
    await browser.submit(consent, { accept: "Yes" });
  }
});

describe("what Keycloak refuses", () => {
  const failed = (options: LoginOptions) =>
    login({ ...options, cacheFolder: false }).catch((error: unknown) => error);

  test("a consent that is not given", async () => {
    const error = await failed({
      ...base,
      clientId: "asks-first",
      openBrowser: async (url) => {
        const browser = formBrowser(keycloak.certificate);
        const consent = await logIn(browser, url, "dev1", PASSWORDS.dev1);
        await browser.submit(consent, { cancel: "No" });
      },
    });
    expect(error).toMatchObject({ code: "denied" });
  });

  test("a wrong client secret, which is in no error", async () => {
    const secret = "not the secret of this client";
    const error = await failed({
      ...base,
      clientId: "confidential",
      clientSecret: async () => secret,
      openBrowser: person("dev1"),
    });
    expect(error).toMatchObject({ code: "refused" });
    expect(everything(error)).not.toContain(secret);
  });

  test("a client that nobody registered, in the device flow", async () => {
    const error = await failed({
      ...base,
      clientId: "nobody",
      flow: "device",
      onDeviceCode: () => undefined,
    });
    expect(error).toMatchObject({ code: "refused" });
  });

  test("a refresh token whose session an administrator ended", async () => {
    const cacheFolder = join(folder, "ended");
    const tokens = await login({ ...base, cacheFolder, openBrowser: person("dev1") });
    const sub = idTokenClaims(tokens.idToken)?.sub;
    const { code } = await keycloak.admin.send("POST", `/realms/${REALM}/users/${sub}/logout`);
    expect(code).toBe(204);
    await expect(refreshTokens(tokens, base)).rejects.toMatchObject({
      code: "refused",
      message: /invalid_grant/,
    });
  });

  test("a realm that is not there", async () => {
    const issuer = `${keycloak.url}/realms/nowhere`;
    expect(await failed({ ...base, issuer })).toMatchObject({ code: "bad-answer", message: /404/ });
  });

  test("a certificate that nobody vouches for", async () => {
    const { certificateAuthority: _, ...rest } = base;
    expect(await failed(rest)).toMatchObject({ code: "untrusted-certificate" });
  });

  test("a certificate for another name", async () => {
    const names = ["DNS:elsewhere.example.test"];
    const other = await selfSignedCertificate(join(folder, "elsewhere"), names);
    const server = createServer({ key: await readFile(other.keyFile), cert: other.certificate });
    const elsewhere = await freePort();
    await new Promise<void>((resolve) => server.listen(elsewhere, "127.0.0.1", resolve));
    const issuer = `https://127.0.0.1:${elsewhere}/realms/${REALM}`;
    const error = await failed({ ...base, issuer, certificateAuthority: other.certificate });
    expect(error).toMatchObject({ code: "untrusted-certificate", message: /does not match|not in the cert/ });
    await new Promise((resolve) => server.close(resolve));
  });
});

proxyChain(() => keycloak);

describe("kubectl with our credential plugin", () => {
  const program = fileURLToPath(new URL("../login/exec-plugin.ts", import.meta.url));

  /** A kubeconfig whose user is whoever the plugin logs in. */
  async function kubeconfigFor(name: string, user: LoginUser, apiVersion = "v1") {
    const home = join(folder, name);
    await mkdir(home);
    const args = [
      program,
      base.issuer,
      base.clientId,
      String(port),
      join(home, "tokens"),
      keycloak.certificateFile!,
    ];
    const env = {
      ASHLAR_TEST_USER: user,
      ASHLAR_TEST_PASSWORD: PASSWORDS[user],
      ASHLAR_TEST_LOGINS: join(home, "logins"),
    };
    const exec = {
      apiVersion: `client.authentication.k8s.io/${apiVersion}`,
      command: process.execPath,
      args: ["--conditions=@ashlar/source", "--disable-warning=ExperimentalWarning", ...args],
      env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
      interactiveMode: "IfAvailable",
    };
    const data = Buffer.from(cluster.ca).toString("base64");
    const file = join(home, "kubeconfig");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: cluster.url, "certificate-authority-data": data } }],
      users: [{ name: "u", user: { exec } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      "current-context": "x",
    };
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    const kubectl = await kubectlProgram();
    const options = { env: { ...process.env, HOME: home, KUBECONFIG: file } };
    return {
      tokens: join(home, "tokens"),
      logins: async () =>
        (await readFile(join(home, "logins"), "utf8").catch(() => "")).split("\n").length - 1,
      run: (...words: string[]) => outcome(promisify(execFile)(kubectl, words, options)),
      /** With a terminal, as a person has one. */
      runInTerminal: (...words: string[]) =>
        outcome(promisify(execFile)("script", ["-qec", [kubectl, ...words].join(" "), "/dev/null"], options)),
    };
  }

  async function outcome(running: Promise<{ stdout: string; stderr: string }>) {
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        text: error.stdout + error.stderr,
      }),
    );
  }

  test("a developer reads and writes in dev and only reads in prod, with one login", async () => {
    const { run, runInTerminal, logins, tokens } = await kubeconfigFor("kubectl-dev1", "dev1");

    const nobodyThere = await run("get", "pods", "-n", "dev");
    expect(nobodyThere).toMatchObject({ code: 1, text: /login-needed: there is no usable login/ });
    expect(await logins()).toBe(0);

    expect(await runInTerminal("get", "pods", "-n", "dev")).toMatchObject({
      code: 0,
      text: /No resources found in dev/,
    });
    expect(await logins()).toBe(1);
    expect(await run("create", "configmap", "made-by-kubectl", "-n", "dev")).toMatchObject({ code: 0 });
    expect(await run("get", "configmap", "made-by-kubectl", "-n", "dev")).toMatchObject({ code: 0 });
    expect(await run("get", "pods", "-n", "prod")).toMatchObject({ code: 0 });
    expect(await run("create", "configmap", "made-by-kubectl", "-n", "prod")).toMatchObject({
      code: 1,
      text: /Forbidden.*User "oidc:dev1" cannot create resource "configmaps".* in the namespace "prod"/,
    });
    expect(await run("auth", "whoami")).toMatchObject({ text: /oidc:dev1[\s\S]*oidc:developer/ });
    expect(await logins()).toBe(1);
    expect(await readdir(tokens)).toHaveLength(1);
  });

  test("an operator does everything; v1beta1 is answered in its own version", async () => {
    const { run, runInTerminal } = await kubeconfigFor("kubectl-op1", "op1", "v1beta1");
    expect(await runInTerminal("create", "configmap", "made-by-op1", "-n", "prod")).toMatchObject({
      code: 0,
    });
    expect(await run("get", "secrets", "-A")).toMatchObject({ code: 0 });
  });
});

test("a Keycloak that went away: the token file serves to its end, then the error says so", async () => {
  const cacheFolder = join(folder, "gone");
  const options = { ...base, cacheFolder, openBrowser: person("dev1") };
  const tokens = await login(options);
  const [file] = await readdir(cacheFolder);
  const kept = await readFile(join(cacheFolder, file!), "utf8");
  await keycloak.stop();
  expect(await login(options)).toEqual(tokens);
  await expect(login({ ...options, force: true })).rejects.toThrow(LiveError);
  await expect(login({ ...options, force: true })).rejects.toMatchObject({ code: "unreachable" });
  expect(await readFile(join(cacheFolder, file!), "utf8")).toBe(kept);
  expect(await readdir(cacheFolder)).toEqual([file]);
});

describe("a machine that lacks something", () => {
  test.each([
    ["JAVA_HOME", /needs Java 17 or newer: install one/, keycloakInstall],
    ["ASHLAR_KEYCLOAK", /names no unpacked Keycloak/, keycloakInstall],
    ["ASHLAR_CHROMIUM", /names no file/, chromiumProgram],
  ])("%s that names nothing is an error that says what to do", async (variable, message, want) => {
    vi.stubEnv(variable, join(folder, "absent"));
    try {
      await expect(want()).rejects.toThrow(message);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

/** All that an error could show anybody, as a debugger prints it. */
function everything(error: unknown): string {
  return inspect(error, { depth: 20, showHidden: true, maxStringLength: null });
}
