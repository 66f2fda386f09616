import { apps, issuer } from "@ashlar/ingress";
import fc from "fast-check";

type AppsInput = Parameters<typeof apps>[0];
type IssuerInput = Parameters<typeof issuer>[0];

/** Words at the edges of what names may be, beside plain ones. */
const label = fc.oneof(
  fc.constantFrom("a", "0", "a-b", "x--y", "9z", "a".repeat(40), "kube-system"),
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/),
);
const host = fc
  .tuple(
    fc.constantFrom("", "*."),
    fc.array(label, { minLength: 1, maxLength: 4 }),
    fc.constantFrom("kr", "test"),
  )
  .map(([wildcard, labels, top]) => `${wildcard}${[...labels, top].join(".")}`);
const path = fc.oneof(
  fc.constantFrom("/", "/a", "/.well-known/x", "/a.b_c-d", `/${"p".repeat(1023)}`),
  fc
    .array(fc.stringMatching(/^[A-Za-z0-9._-]{1,8}$/), { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join("/")}`),
);
const ca = fc.constantFrom(
  undefined,
  false as const,
  "system" as const,
  { configMap: "ca" },
  { secret: "ca.x" },
);
const app = fc.record({
  host,
  to: fc
    .tuple(fc.constantFrom("", "https://"), label, label, fc.integer({ min: 1, max: 65_535 }))
    .map(([scheme, service, namespace, port]) => `${scheme}${service}.${namespace}:${port}`),
  path,
  login: fc.constantFrom(false as const, false as const, "any" as const, ["staff", "oidc:dev/ops"]),
  bypass: fc.boolean(),
  passToken: fc.boolean(),
  tls: fc.constantFrom(undefined, false as const, "own.tls"),
  redirect: fc.boolean(),
  clearHeaders: fc.constantFrom([], ["Accept-Language"], ["X-1", "x-2"]),
  bodySize: fc.constantFrom(undefined, "1g", "999999999"),
  bufferSize: fc.constantFrom(undefined, "16k"),
  timeouts: fc.constantFrom({}, { request: 86_400 }, { read: 1, send: 86_400, connect: 5 }),
  ca,
});
const edge = fc.oneof(
  fc.record({
    routes: fc.constant("ingress" as const),
    controller: fc.constantFrom("ingress-nginx" as const, "traefik" as const),
    certificates: fc.constantFrom("annotation" as const, "explicit" as const, "tls-acme" as const),
    unsafeSnippets: fc.boolean(),
  }),
  fc.record({
    routes: fc.constant("gateway" as const),
    certificates: fc.constantFrom("annotation" as const, "explicit" as const),
    gateway: fc.constantFrom(
      { name: "edge", namespace: "edge", class: "traefik" },
      { name: "edge", namespace: "edge", class: "traefik", secrets: "with-app" as const },
      { name: "edge", namespace: "infra", listeners: { https: "s", http: "w" } },
      { name: "edge", namespace: "infra", listeners: { https: "s" } },
    ),
  }),
);

/** Intents of apps that the builder takes: one app each, for most of two would refuse each other. */
export function randomApps(seed: number, count: number): AppsInput[] {
  const auth = fc.constantFrom("oauth2-proxy" as const, "gatekeeper" as const).map((flavour) => ({
    flavour,
    issuer: "https://iam.test/realms/a",
    clientId: "kubernetes",
    trustedProxies: ["10.0.0.0/16"],
    apiServer: ["fd00::/64"],
  }));
  const arbitrary = fc
    .tuple(edge, app, label, auth, fc.constantFrom(undefined, "letsencrypt"), fc.boolean())
    .map(([settings, one, name, proxies, issuerName, allowLoss]): AppsInput => {
      const { passToken, bypass, ...rest } = one;
      const more = one.login === false ? {} : { passToken, bypass, path: "/", redirect: true };
      const input = {
        ...settings,
        ...(issuerName !== undefined && { issuer: issuerName }),
        allowLoss,
        auth: proxies,
        services: { [serviceOf(one.to)]: { pods: { app: name } } },
        apps: { [name]: { ...rest, ...more } },
      };
      return JSON.parse(JSON.stringify(input)) as AppsInput;
    });
  return taken(arbitrary, apps.safe, seed, count);
}

/** `https://a.b:1` → `b/a` */
function serviceOf(to: string): string {
  const [service, namespace] = to.replace("https://", "").split(":")[0]!.split(".");
  return `${namespace}/${service}`;
}

/** Intents of issuers that the builder takes. */
export function randomIssuers(seed: number, count: number): IssuerInput[] {
  const http01 = fc.oneof(
    fc.record({ ingressClass: label }),
    fc.record({
      gateway: fc.record({ name: label, namespace: label, listener: fc.option(label, { nil: undefined }) }),
    }),
  );
  const route53 = fc.record({
    region: fc.constantFrom(undefined, "eu-west-1", "us-gov-east-1"),
    hostedZoneId: fc.constantFrom(undefined, "Z0123456789"),
    role: fc.constantFrom(
      undefined,
      "arn:aws:iam::123456789012:role/path/dns",
      "arn:aws-cn:iam::123456789012:role/dns",
    ),
    auth: fc.oneof(
      fc.constant("ambient" as const),
      fc.record({ serviceAccount: label }),
      fc.record({ accessKeyId: fc.constant("AKIAIOSFODNN7EXAMPLE") }),
    ),
  });
  const arbitrary = fc
    .record({
      name: label,
      email: fc.constantFrom("info@strix.co.kr", "a.b+c@x-y.test"),
      server: fc.constantFrom("production", "staging", "https://acme.test:14000/dir"),
      solvers: fc.array(
        fc.oneof(
          fc.record({ http01, hosts: fc.array(host, { maxLength: 2 }) }),
          fc.record({
            route53,
            zones: fc.array(host, { maxLength: 2 }),
            hosts: fc.array(host, { maxLength: 2 }),
          }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      certificates: fc.array(
        fc.record({ secret: label, namespace: label, hosts: fc.array(host, { minLength: 1, maxLength: 3 }) }),
        { maxLength: 2 },
      ),
    })
    .map((input) => JSON.parse(JSON.stringify(input)) as IssuerInput);
  return taken(arbitrary, issuer.safe, seed, count);
}

function taken<T>(
  arbitrary: fc.Arbitrary<T>,
  safe: (input: unknown) => { readonly ok: boolean },
  seed: number,
  count: number,
): T[] {
  const valid = fc.sample(arbitrary, { seed, numRuns: count * 40 }).filter((input) => safe(input).ok);
  if (valid.length < count)
    throw new Error(`of ${count * 40} intents the builder takes ${valid.length}, fewer than ${count}`);
  return valid.slice(0, count);
}
