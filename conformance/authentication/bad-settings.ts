import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Flags that kube-apiserver does not start with. */
export function badFlags(
  issuer: string,
  folder: string,
): { readonly name: string; readonly args: readonly string[] }[] {
  const url = `--oidc-issuer-url=${issuer}`;
  const client = "--oidc-client-id=kubernetes";
  const file = join(folder, "good.json");
  writeFileSync(file, JSON.stringify(goodConfiguration(issuer)));
  return [
    { name: "an issuer without a client", args: [url] },
    { name: "a client without an issuer", args: [client] },
    { name: "groups alone", args: ["--oidc-groups-claim=groups"] },
    { name: "an empty client", args: [url, "--oidc-client-id="] },
    { name: "an issuer without TLS", args: [`--oidc-issuer-url=${issuer.replace("https", "http")}`, client] },
    { name: "an issuer with a query", args: [`${url}?a=b`, client] },
    { name: "an issuer with a fragment", args: [`${url}#a`, client] },
    {
      name: "an issuer with a user",
      args: [`--oidc-issuer-url=${issuer.replace("https://", "https://a:b@")}`, client],
    },
    { name: "an issuer that is a word", args: ["--oidc-issuer-url=iam", client] },
    { name: "an unknown algorithm", args: [url, client, "--oidc-signing-algs=HS256"] },
    { name: "a misspelt algorithm", args: [url, client, "--oidc-signing-algs=RS256,rs512"] },
    { name: "a required claim without a value", args: [url, client, "--oidc-required-claim=typ"] },
    { name: "an empty user name claim", args: [url, client, "--oidc-username-claim="] },
    { name: "an unknown flag", args: [url, client, "--oidc-group-claim=groups"] },
    { name: "flags beside a file", args: [url, client, `--authentication-config=${file}`] },
    {
      name: "one flag beside a file",
      args: ["--oidc-groups-claim=groups", `--authentication-config=${file}`],
    },
    {
      name: "the issuer of service accounts",
      args: ["--oidc-issuer-url=https://kubernetes.default.svc", client],
    },
  ];
}

/** A file that is right, to be made wrong. */
export function goodConfiguration(url: string) {
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [
      {
        issuer: { url, audiences: ["kubernetes"] },
        claimMappings: { username: { claim: "sub", prefix: "oidc:" } },
      },
    ],
  };
}

/** Files that it does not start with. */
export function badConfigurations(url: string): { readonly name: string; readonly configuration: unknown }[] {
  const good = goodConfiguration(url);
  const [jwt] = good.jwt as [(typeof good.jwt)[0]];
  const whole = (change: object) => ({ ...good, ...change });
  const of = (change: object) => whole({ jwt: [{ ...jwt, ...change }] });
  const issuer = (change: object) => of({ issuer: { ...jwt.issuer, ...change } });
  const mapping = (change: object) => of({ claimMappings: { ...jwt.claimMappings, ...change } });
  const rules = (...list: object[]) => of({ claimValidationRules: list });
  const extra = (...list: object[]) => mapping({ extra: list });
  const cases: [string, unknown][] = [
    ["another kind", whole({ kind: "AuthorizationConfiguration" })],
    ["an unknown version", whole({ apiVersion: "apiserver.config.k8s.io/v2" })],
    ["an unknown field", whole({ jwts: [] })],
    ["an unknown field of an issuer", issuer({ clientID: "kubernetes" })],
    ["a list that is an object", whole({ jwt: {} })],
    ["no issuer", of({ issuer: undefined })],
    ["an issuer without TLS", issuer({ url: url.replace("https", "http") })],
    ["an issuer with a query", issuer({ url: `${url}?a` })],
    ["an issuer with a space in its host", issuer({ url: "https://a b/realms/x" })],
    ["the issuer of service accounts", issuer({ url: "https://kubernetes.default.svc" })],
    ["an issuer twice", whole({ jwt: [jwt, jwt] })],
    [
      "sixty-five issuers",
      whole({
        jwt: Array.from({ length: 65 }, (_, i) => ({ ...jwt, issuer: { ...jwt.issuer, url: `${url}${i}` } })),
      }),
    ],
    ["discovery at the issuer", issuer({ discoveryURL: `${url}/` })],
    ["discovery without TLS", issuer({ discoveryURL: "http://iam.example.test/x" })],
    ["no audiences", issuer({ audiences: [] })],
    ["an empty audience", issuer({ audiences: [""] })],
    ["an audience twice", issuer({ audiences: ["a", "a"], audienceMatchPolicy: "MatchAny" })],
    ["several audiences without a policy", issuer({ audiences: ["a", "b"] })],
    ["an unknown policy", issuer({ audienceMatchPolicy: "MatchAll" })],
    ["audiences as text", issuer({ audiences: "kubernetes" })],
    ["a certificate authority that is none", issuer({ certificateAuthority: "here" })],
    ["an unknown egress", issuer({ egressSelectorType: "etcd" })],
    ["no user name", of({ claimMappings: {} })],
    ["a claim without a prefix", mapping({ username: { claim: "sub" } })],
    [
      "a claim and an expression",
      mapping({ username: { claim: "sub", prefix: "", expression: "claims.sub" } }),
    ],
    ["an expression with a prefix", mapping({ username: { expression: "claims.sub", prefix: "oidc:" } })],
    ["groups without a prefix", mapping({ groups: { claim: "groups" } })],
    ["two ways to a uid", mapping({ uid: { claim: "sub", expression: "claims.sub" } })],
    ["a key without a domain", extra({ key: "department", valueExpression: "claims.department" })],
    ["a key in upper case", extra({ key: "example.test/Department", valueExpression: "claims.department" })],
    ["a key of Kubernetes", extra({ key: "authentication.kubernetes.io/a", valueExpression: "claims.a" })],
    [
      "a key twice",
      extra(
        { key: "example.test/a", valueExpression: "claims.a" },
        { key: "example.test/a", valueExpression: "claims.b" },
      ),
    ],
    ["a key without a value", extra({ key: "example.test/a", valueExpression: "" })],
    ["a rule of nothing", rules({ message: "no" })],
    ["a rule of two kinds", rules({ claim: "a", expression: "claims.a == 'b'" })],
    ["a claim with a message", rules({ claim: "a", requiredValue: "b", message: "no" })],
    ["an expression with a value", rules({ expression: "claims.a == 'b'", requiredValue: "b" })],
    ["a claim twice", rules({ claim: "a", requiredValue: "b" }, { claim: "a", requiredValue: "c" })],
    ["an expression twice", rules({ expression: "claims.a == 'b'" }, { expression: "claims.a == 'b'" })],
    ["a user rule of nothing", of({ userValidationRules: [{ message: "no" }] })],
    [
      "conditions while anonymous is off",
      whole({ anonymous: { enabled: false, conditions: [{ path: "/livez" }] } }),
    ],
  ];
  return cases.map(([name, configuration]) => ({ name, configuration }));
}
