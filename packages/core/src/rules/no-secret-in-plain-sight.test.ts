import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { noSecretInPlainSight } from "./no-secret-in-plain-sight.ts";
import { deployment, found, object } from "./references/sets.test-support.ts";

// Look-alikes, put together here so that no scanner of repositories takes this file for a leak.
const password = ["hunt", "er2"].join("");
const awsKey = ["AK", "IA", "Q3EGTL5RSXV2WZ7B"].join("");
const token = ["gh", "p_", "a1B2".repeat(9)].join("");
const jwt = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiJhZG1pbiJ9", "c2lnbmF0dXJl"].join(".");
const privateKey = [`-----BEGIN RSA ${"PRIVATE"} KEY-----`, "MIIEowIBAAKCAQEA".repeat(4), "-----END"].join(
  "\n",
);
const uuid = ["3f2a9c1e", "77b0", "4d21", "9e5c", "0a1b2c3d4e5f"].join("-");

const C = "spec.template.spec.containers[0]";
const env = (name: string, value: unknown) => deployment("web", { env: [{ name, value }] });
const args = (...words: unknown[]) => deployment("web", { args: words });
const config = (text: string, key = "app.conf") => object("v1", "ConfigMap", "c", { data: { [key]: text } });
const annotated = (key: string, text: string): Resource => ({
  ...object("v1", "Service", "s"),
  metadata: { name: "s", namespace: "prod", annotations: { [key]: text } },
});

describe("errors", () => {
  test.each<[string, Resource, string]>([
    ["a password in a variable", env("DB_PASSWORD", password), `${C}.env[0].value`],
    ["of one word", env("PGPASSWORD", password), `${C}.env[0].value`],
    ["numbered", env("PASSWORD_2", password), `${C}.env[0].value`],
    ["a shared secret", env("OAUTH_CLIENT_SECRET", password), `${C}.env[0].value`],
    ["a random token", env("API_TOKEN", uuid), `${C}.env[0].value`],
    ["an AWS key under any name", env("X", awsKey), `${C}.env[0].value`],
    [
      "a URL with a password",
      env("DATABASE_URL", `postgres://app:${password}@db:5432/app`),
      `${C}.env[0].value`,
    ],
    ["a flag", args(`--client-secret=${password}`), `${C}.args[0]`],
    ["a flag and its value", args("--password", password), `${C}.args[1]`],
    ["a random key", args(`--encryption-key=${"aB3dE5gH".repeat(4)}`), `${C}.args[0]`],
    ["a script", args("-c", `exec app --db-password ${password} --port 80`), `${C}.args[1]`],
    ["a script that sets a variable", args("-c", `export DB_PASSWORD='${password}'; run`), `${C}.args[1]`],
    ["a header", args("-H", `Authorization: Bearer ${jwt}`), `${C}.args[1]`],
    ["a command", deployment("web", { command: ["app", `--token=${token}`] }), `${C}.command[1]`],
    [
      "an init container",
      deployment("web", {}, { initContainers: [{ name: "i", args: [`--password=${password}`] }] }),
      "spec.template.spec.initContainers[0].args[0]",
    ],
    ["a private key in a ConfigMap", config(privateKey, "tls.key"), "data[tls.key]"],
    ["a key of a ConfigMap", config(password, "password"), "data.password"],
    ["YAML", config(`db:\n  user: app\n  password: ${password}\n`), "data[app.conf]"],
    ["properties", config(`a=1\nspring.datasource.password=${password}\n`), "data[app.conf]"],
    ["JSON on one line", config(`{"user":"a","password":"${password}","x":1}`), "data[app.conf]"],
    [
      "registry credentials",
      config(`{"auths":{"r.example.org":{"auth":"${btoa(`a:${password}`)}"}}}`),
      "data[app.conf]",
    ],
    ["curl with a user", args("-c", `curl -s -u admin:${password} https://example.org`), `${C}.args[1]`],
    [
      "an annotation",
      annotated("example.org/password", password),
      "metadata.annotations[example.org/password]",
    ],
    [
      "a snippet",
      annotated("nginx.org/snippet", `proxy_set_header Authorization "Basic YWRtaW46aHVudGVyMg==";`),
      "metadata.annotations[nginx.org/snippet]",
    ],
  ])("%s", (_, resource, path) => {
    expect(found(noSecretInPlainSight, [resource])).toEqual([`error ${path}`]);
  });
});

describe("no alarm", () => {
  test.each<[string, Resource]>([
    ["references", env("DB_PASSWORD", "$(OTHER)")],
    ["variables of a shell", env("DB_PASSWORD", "$OTHER")],
    ["templates", env("DB_PASSWORD", ["$", "{file:/run/db}"].join(""))],
    ["files", env("DB_PASSWORD", "/run/secrets/db")],
    ["names of files", env("DB_PASSWORD_FILE", "db.txt")],
    ["stores", env("DB_PASSWORD", "vault:secret/data/db#password")],
    ["empty", env("DB_PASSWORD", "")],
    ["placeholders", env("DB_PASSWORD", "<your password>")],
    ["more placeholders", env("DB_PASSWORD", "changeme")],
    ["stars", env("DB_PASSWORD", "********")],
    ["switches", env("ALLOW_EMPTY_PASSWORD", "yes")],
    ["limits", env("MIN_PASSWORD_LENGTH", "12")],
    ["names of Secrets", args("--tls-secret=prod/web-tls-2024", "--secret=oauth2-proxy")],
    ["addresses", env("TOKEN_URL", "https://iam.example.org/token")],
    ["lifetimes", env("ACCESS_TOKEN", "3600")],
    ["public keys", config(`-----BEGIN PUBLIC KEY-----\n${"MIIBIjANBgkqhkiG".repeat(4)}\n`)],
    ["the documentation's own AWS key", env("X", ["AK", "IA", "IOSFODNN7EXAMPLE"].join(""))],
    ["URLs without a password", env("U", "postgres://app@db/app")],
    ["URLs with a reference", env("U", "postgres://app:$(PASSWORD)@db/app")],
    ["code", config("const password = getPassword();\ntoken = request.token\npassword = args.password")],
    ["comments", config(`# password: ${password}\n// token: ${uuid}\n; password=${password}`)],
    [
      "keys next to a Secret's name",
      config("credentials: registry-credentials\nsecret: my-app\ntokenSecret: x"),
    ],
    ["prose", config("Enter your password: it is checked against the token endpoint.", "README.md")],
    [
      "a variable from a Secret",
      deployment("web", { env: [{ name: "P", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }] }),
    ],
    ["a flag that reads a file", args("--password-file", "/run/secrets/db", "--token-path=/x")],
    ["a flag before another", args("--ask-password", "--verbose")],
    [
      "hashes of templates",
      annotated("checksum/config", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ],
  ])("%s", (_, resource) => {
    expect(found(noSecretInPlainSight, [resource])).toEqual([]);
  });
});

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

test("the copy that kubectl apply keeps: of a Secret, and of what was since taken out", () => {
  const copy = (of: unknown) => ({
    name: "s",
    namespace: "prod",
    annotations: { [LAST_APPLIED]: JSON.stringify(of) },
  });
  const secret = object("v1", "Secret", "s", { data: { p: "eA==" } });
  const at = `metadata.annotations[${LAST_APPLIED}]`;
  expect(found(noSecretInPlainSight, [{ ...secret, metadata: copy(secret) }])).toEqual([`warning ${at}`]);
  expect(found(noSecretInPlainSight, [{ ...secret, metadata: copy({ ...secret, data: {} }) }])).toEqual([]);
  const clean = deployment("web");
  const leaking = env("DB_PASSWORD", password);
  expect(found(noSecretInPlainSight, [{ ...clean, metadata: copy(leaking) }])).toEqual([`error ${at}`]);
  expect(found(noSecretInPlainSight, [{ ...leaking, metadata: copy(leaking) }])).toEqual([
    `error ${C}.env[0].value`,
  ]);
  expect(found(noSecretInPlainSight, [{ ...clean, metadata: copy("{") }])).toEqual([]);
});

test("the value is never printed", () => {
  const resources = [
    env("DB_PASSWORD", password),
    args(`--client-secret=${uuid}`, "-c", `psql postgres://a:${password}@h/d`),
    config(`${uuid}password: ${password}`),
    config(`password: ${password}\n${privateKey}\n${jwt} ${token} ${awsKey}`),
    annotated("x/password", password),
  ];
  const printed = JSON.stringify(noSecretInPlainSight.check({ resources }));
  for (const secret of [password, uuid, awsKey, token, jwt, "MIIEow"]) expect(printed).not.toContain(secret);
});

test("hostile texts take linear time", () => {
  const hostile = [
    "password=",
    "a".repeat(80),
    "eyJ",
    "x://a:",
    "-----BEGIN ",
    " ",
    "token: ",
    '"',
    "authorization: ",
  ];
  const cpu = process.cpuUsage();
  for (const part of hostile)
    noSecretInPlainSight.check({
      resources: [config(part.repeat(500_000 / part.length)), env("PASSWORD", part.repeat(50_000))],
    });
  const { user, system } = process.cpuUsage(cpu);
  // Half a million characters each take 0.2 s in all; quadratic work took 13.
  expect((user + system) / 1e6).toBeLessThan(3);
});
