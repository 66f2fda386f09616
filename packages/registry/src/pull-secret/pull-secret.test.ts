import { IntentError, seal } from "@ashlar/core";
import { expect, test } from "vitest";
import { dockerKeyring, lookUpCredentials } from "../docker-config/keyring.ts";
import { readDockerConfig } from "../docker-config/read-docker-config.ts";
import { pullSecret } from "./pull-secret.ts";

const CANARY = "c4n4ry-pässwörd";

function configOf(secret: ReturnType<typeof seal>): string {
  const data = secret.data as Record<string, string>;
  return new TextDecoder().decode(Uint8Array.from(atob(data[".dockerconfigjson"]!), (c) => c.charCodeAt(0)));
}

test("one registry: the bytes of kubectl, fields in its order", () => {
  const secret = seal(pullSecret({ server: "registry.k8s.strix.kr", username: "robot", email: "a@b.test" }), {
    password: 'p:a"<&>✓\n',
  });
  expect(secret).toMatchObject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "registry-pull" },
    type: "kubernetes.io/dockerconfigjson",
  });
  expect(configOf(secret)).toBe(
    '{"auths":{"registry.k8s.strix.kr":{"username":"robot","password":"p:a\\"\\u003c\\u0026\\u003e✓\\n","email":"a@b.test","auth":"cm9ib3Q6cDphIjwmPuKckwo="}}}',
  );
});

test("Docker Hub without a server, no email when there is none", () => {
  const config = configOf(seal(pullSecret({ username: "u" }), { password: "p" }));
  expect(config).toBe(
    '{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}',
  );
});

test("several registries in one, a value for each; kubelet finds each", () => {
  const sealed = pullSecret({
    name: "both",
    namespace: "dev",
    registries: { "b.test:5000": { username: "bea" }, "a.test": { username: "ann" } },
  });
  expect(sealed.values).toEqual({
    "b.test:5000": { from: "env", name: "B_TEST_5000_PASSWORD" },
    "a.test": { from: "env", name: "A_TEST_PASSWORD" },
  });
  const read = readDockerConfig(
    configOf(seal(sealed, { "b.test:5000": "1", "a.test": "2" })),
    "dockerconfigjson",
  );
  if (!read.ok) throw new Error(read.reason);
  expect(read.credentials.map(({ server }) => server)).toEqual(["a.test", "b.test:5000"]);
  const ring = dockerKeyring([{ source: "both", credentials: read.credentials }]);
  expect(lookUpCredentials(ring, "b.test:5000/api")[0]?.credential.password).toBe("1");
});

test.each<[string, object, string, string]>([
  ["a colon in the name", { username: "a:b" }, "username", "no colon"],
  ["no name", { username: "" }, "username", "account"],
  ["half a character", { username: "\ud800" }, "username", "remove"],
  ["neither", {}, "username", "registries"],
  ["both", { username: "a", registries: { "a.test": { username: "a" } } }, "username", "registries"],
  ["no registry", { registries: {} }, "registries", "at least one"],
  [
    "a colon in one of several",
    { registries: { "a.test": { username: "a:b" } } },
    'registries["a.test"].username',
    "no colon",
  ],
  ["an empty server", { username: "a", server: "" }, "server", "with its port"],
  ["a server with white space", { username: "a", server: "a b" }, "server", "with its port"],
  ["a server that kubelet cannot read", { username: "a", server: "a:b:c" }, "server", "with its port"],
  [
    "the hub without its last slash",
    { username: "a", server: "https://index.docker.io/v1" },
    "server",
    "/v1/",
  ],
  ["a bad name", { username: "a", name: "A_" }, "name", "a-z"],
  ["a bad namespace", { username: "a", namespace: "A" }, "namespace", "a-z"],
  ["a value for a reference", { username: "a", password: CANARY }, "password", ""],
  ["an unknown field", { usernme: "a", username: "b" }, "usernme", 'did you mean "username"?'],
])("%s", (_, input, path, hint) => {
  const result = pullSecret.safe(input);
  if (result.ok) throw new Error("it is valid");
  const found = result.findings.find((finding) => finding.path === path);
  expect(found, JSON.stringify(result.findings)).toMatchObject({
    code: "registry/valid-intent",
    severity: "error",
  });
  expect(found?.hint).toContain(hint);
  expect(JSON.stringify(result.findings)).not.toContain(CANARY);
  expect(() => pullSecret(input as { username: string })).toThrow(IntentError);
});

test("a value that is missing, empty or broken is named, and never shown", () => {
  const sealed = pullSecret({ server: "a.test", username: "u" });
  expect(() => seal(sealed, {})).toThrow("no value for password of Secret registry-pull");
  expect(() => seal(sealed, { password: "" })).toThrow("the password for a.test is empty");
  expect(() => seal(sealed, { password: `${CANARY}\ud800` })).toThrow(
    /^the password for a\.test is no Unicode text$/,
  );
  expect(JSON.stringify(sealed)).not.toContain(CANARY);
});
