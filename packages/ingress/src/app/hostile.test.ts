import { type Block, seal, writeYaml } from "@ashlar/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { authProxy } from "../auth-proxy/auth-proxy.ts";
import { controller } from "../controller/controller.ts";
import { issuer } from "../issuer/issuer.ts";
import { apps } from "./apps.ts";
import { parseTarget } from "./target.ts";
import { isCidr, isHost, isPath } from "./words.ts";

/** Texts that mean something to YAML, nginx, shells, flags, URLs or Kubernetes. */
const HOSTILE = [
  "",
  "a\nb",
  "a\u0000",
  "\ud800",
  "$(HOME)",
  "$\u007bHOME}",
  "a;b",
  'a"; include /etc/passwd; "',
  "a}b{",
  "--flag",
  "a,b",
  "a|white-listed=true",
  "../..",
  "/%2f",
  "//",
  "http://user:pass@host",
  "*",
  "*.*",
  "UPPER",
  "ünï",
  "__proto__",
  "constructor",
  "a".repeat(300),
  "{{ .Values }}",
  "`id`",
  "a b",
  "\t",
  "127.0.0.1",
  "[::1]",
  "y",
  "0x1",
];
const hostile = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom("a", "-", ".", "/", "*", ":", "$", "(", ")", '"', ";", "\n", ","),
    maxLength: 12,
  }),
);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const APPS: Json = {
  routes: "ingress",
  ingressClass: "nginx",
  issuer: "letsencrypt",
  unsafeSnippets: true,
  auth: {
    issuer: "https://iam.test/realms/a",
    clientId: "kubernetes",
    clientSecret: { from: "env", name: "A" },
    image: "example/proxy:1",
    trustedProxies: ["10.0.0.0/16"],
    apiServer: ["10.1.0.0/16"],
  },
  services: { "shop/orders": { ports: [443], pods: { app: "orders" } } },
  apps: {
    orders: {
      host: "orders.test",
      to: "https://orders.shop:443",
      login: ["buyers"],
      ca: { configMap: "ca" },
      clearHeaders: ["Accept-Language"],
      bodySize: "1g",
      bufferSize: "16k",
      clientId: "orders",
      tls: "orders-tls",
    },
    plain: { host: "plain.test", to: "plain.shop:80", path: "/a" },
  },
};
const ON_GATEWAY: Json = {
  routes: "gateway",
  gateway: { name: "edge", namespace: "edge", class: "traefik" },
  issuer: "letsencrypt",
  apps: {
    plain: {
      host: "plain.test",
      to: "https://plain.shop:443",
      path: "/a",
      ca: { configMap: "ca" },
      clearHeaders: ["A"],
    },
  },
};
const PROXY: Json = {
  name: "orders",
  namespace: "logins",
  host: "orders.test",
  upstream: "orders.shop:80",
  groups: ["buyers"],
  pods: { app: "orders" },
  flavour: "gatekeeper",
  issuer: "https://iam.test/realms/a",
  clientId: "kubernetes",
  trustedProxies: ["10.0.0.0/16"],
  apiServer: ["10.1.0.0/16"],
  edge: { routes: "ingress", ingressClass: "nginx", issuer: "letsencrypt" },
};
const ISSUER: Json = {
  name: "letsencrypt",
  email: "info@strix.test",
  server: "https://acme.test/dir",
  accountKey: "key",
  certManagerNamespace: "cert-manager",
  tlsAcme: true,
  solvers: [
    { http01: { ingressClass: "nginx" }, hosts: ["a.test"] },
    { http01: { gateway: { name: "edge", namespace: "edge", listener: "http" } } },
    {
      route53: {
        region: "eu-west-1",
        hostedZoneId: "Z1",
        auth: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secret: { name: "aws", key: "k" } },
      },
      zones: ["b.test"],
    },
    {
      route53: { role: "arn:aws:iam::123456789012:role/dns", auth: { serviceAccount: "dns" } },
      zones: ["c.test"],
    },
  ],
  certificates: [{ secret: "w", namespace: "edge", hosts: ["w.test"] }],
};
const CONTROLLER: Json = {
  kind: "ingress-nginx",
  configMap: "nginx",
  namespace: "default",
  proxyBufferSize: "64k",
  proxyBodySize: "1g",
  largeClientHeaderBuffers: { size: "16k" },
  clientHeaderBufferSize: "1k",
};

interface Change {
  readonly path: readonly string[];
  readonly isKey: boolean;
}

/** Every text of an intent, and every key of its records, as a place to put something hostile. */
function places(value: Json, path: readonly string[] = []): Change[] {
  if (typeof value === "string") return [{ path, isKey: false }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(Array.isArray(value) ? [] : [{ path: [...path, key], isKey: true }]),
    ...places(child as Json, [...path, key]),
  ]);
}

function changed(value: Json, { path, isKey }: Change, text: string): Json {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  const entries = Object.entries(value as object).map(([k, child]) => {
    if (k !== key) return [k, child];
    if (rest.length === 0 && isKey) return [text, child];
    return [k, changed(child as Json, { path: rest, isKey }, text)];
  });
  return Array.isArray(value)
    ? entries.map(([, child]) => child as Json)
    : (Object.fromEntries(entries) as Json);
}

/** What may stand in an object whatever was given: each text of ours is of these characters. */
function isInert(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return !/[\u0000-\u0009\u000b-\u001f\u007f\ud800-\udfff]|\$\(|`|\{\{/.test(text);
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...texts(child)]);
}

function isWholesome({ resources, patches }: Block): void {
  const all = [...resources, ...patches.map(({ merge }) => merge)];
  for (const text of texts(all)) expect(isInert(text), JSON.stringify(text)).toBe(true);
  expect(writeYaml(all)).not.toContain("/etc/passwd");
  for (const { spec } of resources.filter(({ kind }) => kind === "Deployment")) {
    const { template } = spec as { template: { spec: { containers: { args: string[] }[] } } };
    for (const arg of template.spec.containers[0]!.args) expect(arg).toMatch(/^--[a-z0-9-]+=[^\s,][^,]*$/);
  }
}

test.each([
  ["apps", apps, APPS],
  ["apps on a Gateway", apps, ON_GATEWAY],
  ["authProxy", authProxy, PROXY],
  ["issuer", issuer, ISSUER],
  ["controller", controller, CONTROLLER],
] as const)("%s: anything in any field is refused with a finding, or harmless", (_, builder, intent) => {
  expect(builder.safe(intent)).toMatchObject({ ok: true });
  const counts = { refused: 0, taken: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...places(intent)), hostile, (place, text) => {
      const result = builder.safe(changed(intent, place, text));
      if (result.ok) {
        counts.taken++;
        isWholesome(result.value);
        return;
      }
      counts.refused++;
      expect(result.findings.length).toBeGreaterThan(0);
      for (const { code, message, hint } of result.findings) {
        expect(code).toBe("ingress/valid-intent");
        expect(message.length).toBeLessThan(500);
        expect(hint).not.toBe("");
      }
    }),
    { seed: 11, numRuns: 1500 },
  );
  expect(counts.refused).toBeGreaterThan(1000);
});

test("things that are no intents", () => {
  for (const builder of [apps, authProxy, issuer, controller])
    for (const input of [undefined, null, 1, "a", [], { apps: [] }, { apps: { a: null } }])
      expect(builder.safe(input).ok).toBe(false);
});

test("a secret value is in the sealed Secret alone", () => {
  const CANARY = "c4n4ry0c4n4ry0c4";
  const intent = { ...(APPS as object), unsafeSnippets: true } as Parameters<typeof apps>[0];
  const block = apps(intent);
  const secret = seal(block.sealed![0]!, { "client-secret": CANARY, "cookie-secret": CANARY });
  expect(secret.data).toEqual({ "client-secret": btoa(CANARY), "cookie-secret": btoa(CANARY) });
  expect(JSON.stringify(block)).not.toContain(CANARY);
  expect(JSON.stringify(block)).not.toContain(btoa(CANARY));
});

test.each([
  ["a.b:80", true],
  ["https://a.b:443", true],
  ["ftp://a.b:21", false],
  ["a.b.svc:80", false],
  ["a.b:0", false],
  ["a.b:080", false],
  ["a.b", false],
  ["-a.b:80", false],
  ["a.b:80/path", false],
])("target %s: %s", (text, isOne) => {
  expect(parseTarget(text) !== undefined).toBe(isOne);
});

test.each([
  [
    isHost,
    ["a", "wiki.strix.kr", "*.k8s.strix.kr"],
    ["", "*", "*.*.kr", "a..b", "a.b.", "10.0.0.1", "A.b", "host:443", `${"a".repeat(64)}.kr`],
  ],
  [
    isPath,
    ["/", "/a", "/a/b.c_d-e", "/.well-known"],
    ["", "a", "//", "/a//b", "/..", "/a/../b", "/%2f", "/a b", "/a;b", "/*"],
  ],
  [
    isCidr,
    ["10.0.0.0/16", "0.0.0.0/0", "fd00::/64", "::/0", "1:2:3:4:5:6:7:8/128"],
    [
      "10.0.0.0",
      "10.0.0/8",
      "256.0.0.0/8",
      "10.0.0.0/33",
      "010.0.0.0/8",
      "fd00:::/8",
      "1::2::3/8",
      "1:2/8",
      "fd00::/129",
      "g::/8",
    ],
  ],
] as const)("%o takes what it is for, and nothing else", (is, right, wrong) => {
  for (const text of right) expect(is(text), text).toBe(true);
  for (const text of wrong) expect(is(text), text).toBe(false);
});
