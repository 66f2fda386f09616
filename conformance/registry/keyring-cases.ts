import { type Random, randomFrom } from "../policies/random.ts";
import type { PullSecret } from "./kubelet.ts";

export interface KeyringCase {
  readonly secrets: readonly PullSecret[];
  readonly images: readonly string[];
}

const SERVERS = (
  "registry.example.test https://registry.example.test http://registry.example.test registry.example.test:5000 " +
  "registry.example.test:443 https://registry.example.test:5000/v2/ registry.example.test/v1/ registry.example.test/v2 " +
  "registry.example.test/team registry.example.test/team/ registry.example.test/te registry.example.test/team/api " +
  "*.example.test *.*.test r*y.example.test *.test * ** *.example.* *:5000 Registry.example.test registry.EXAMPLE.test " +
  "https://index.docker.io/v1/ https://index.docker.io/v1 index.docker.io index.docker.io/v1/ docker.io docker.io/library " +
  "docker.io/library/busybox https://docker.io/v2/ registry-1.docker.io localhost localhost:5000 127.0.0.1:5000 127.0.0.*:5000 " +
  "[::1]:5000 [::1] [::A] [fe80::1%25en0]:5000 [::1.2.3.4]:5000 [1.2.3.4] [:::1] [::1 [::g]:1 " +
  "user:pw@registry.example.test us%20er@registry.example.test us%2@registry.example.test u/s@registry.example.test a@b@registry.example.test " +
  "registry.example.test?x=1 registry.example.test/?x registry.example.test#a registry.example.test#% registry.example.test/#%41 " +
  "registry.example.test/%74eam registry.example.test/%2 registry.example.test/%zz registry.example.test/te%3fam registry.example.test/te%2525am " +
  "reg%69stry.example.test reg%c3%a9.example.test regé.example.test reg%ff.example.test registry.example.test:x registry.example.test: " +
  "registry.example.test:5000:5000 registry.example.test. .example.test registry..test //registry.example.test /registry.example.test " +
  "HTTPS://registry.example.test https:registry.example.test ftp://registry.example.test registry.example.test\\team reg|istry.example.test " +
  'reg"istry.example.test reg<istry.example.test reg^istry.example.test reg]istry.example.test reg[i]stry.example.test r?gistry.example.test ' +
  "xn--bcher-kva.example.test registry.example.test/TEAM registry.example.test//team registry.example.test/../team a A b"
)
  .split(" ")
  .concat(
    "",
    " ",
    "registry.example.test ",
    "registry example.test",
    "registry.example.test/a b",
    "registry.example.test\n",
    "registry.example.test/\u007f",
  );

const IMAGES = (
  "registry.example.test/api registry.example.test/team/api registry.example.test/team/api:1 registry.example.test/teamx/api " +
  "registry.example.test:5000/api registry.example.test:443/team/api registry.example.test:80/api a.example.test/api a.b.test/x " +
  "a.b.example.test/x Registry.example.test/api registry.EXAMPLE.test/api busybox busybox:1.37 library/busybox docker.io/busybox docker.io/library/busybox " +
  "index.docker.io/library/busybox fluent/fluent-bit registry-1.docker.io/library/busybox localhost/api localhost:5000/api 127.0.0.1:5000/api " +
  "127.0.0.9:5000/api [::1]:5000/api [::1]/api [fe80::1]:5000/x A/api B/api registry.example.test./api registry..test/api reg.test/x a.test:5000/x " +
  "registry.example.test/v1/api registry.example.test/v2/team xn--bcher-kva.example.test/x Api registry.example.test/Api registry.example.test: @ example"
).split(" ");

/** Secrets of every sort against images of every sort, each server with each image more than once. */
export function keyringCases(): KeyringCase[] {
  const random = randomFrom(31);
  const alone = SERVERS.map((server) => ({
    secrets: [secret("one", config(server, "u", "p"))],
    images: IMAGES,
  }));
  const several = Array.from({ length: 150 }, () => ({
    images: IMAGES,
    secrets: Array.from({ length: 1 + random.below(3) }, (_, i) => someSecret(`s${i}`, random)),
  }));
  const odd = ODD_CONFIGS.map((text) => ({
    images: ["a.test/api", "b.test/api", "busybox"],
    secrets: [secret("odd", text), secret("right", config("b.test", "right", "p"))],
  }));
  const older = [
    '{"a.test":{"auth":"dTpw"}}',
    '{"auths":{"a.test":{"auth":"dTpw"}}}',
    "[]",
    "null",
    '{"a.test":5}',
  ].map((text) => ({
    images: ["a.test/api", "auths/api"],
    secrets: [{ name: "old", type: "kubernetes.io/dockercfg", data: { ".dockercfg": text } }],
  }));
  return [...alone, ...several, ...odd, ...older, ...OTHER_SECRETS];
}

function someSecret(name: string, random: Random): PullSecret {
  const servers = Array.from({ length: 1 + random.below(5) }, () => random.pick(SERVERS));
  const entries = [...new Set(servers)].map((server, i) => {
    const [user, password] = [`${name}-${i}`, `p${i}`];
    return random.chance(0.5)
      ? `${JSON.stringify(server)}:{"auth":"${Buffer.from(`${user}:${password}`).toString("base64")}"}`
      : `${JSON.stringify(server)}:{"username":"${user}","password":"${password}"}`;
  });
  return secret(name, `{"auths":{${entries.join(",")}}}`);
}

function config(server: string, username: string, password: string): string {
  return JSON.stringify({ auths: { [server]: { username, password } } });
}

function secret(name: string, text: string): PullSecret {
  return { name, type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": text } };
}

const entry = (fields: string) => `{"auths":{"a.test":${fields}}}`;
const auth = (text: string) => entry(JSON.stringify({ auth: text }));
const base64 = (text: string) => Buffer.from(text, "latin1").toString("base64");

/** Texts that are nearly Docker configurations. */
// biome-ignore format: a line each would be a page
const ODD_CONFIGS: readonly string[] = [
  "", " ", "null", "[]", "5", '"x"', "{", "{}", "{} ", "{}x", "\ufeff{}", "{'auths':{}}", '{"auths":{},}', '{"auths":null}', '{"auths":[]}', '{"auths":"x"}',
  '{"auths":{"a.test":null}}', '{"a.test":{"auth":"dTpw"}}', '{"AUTHS":{"a.test":{"AUTH":"dTpw"}}}', '{"auth\u017f":{"a.test":{"auth":"dTpw"}}}',
  '{"auths":{"a.test":{"auth":"dTpw"}},"auths":null}', '{"auths":null,"auths":{"a.test":{"auth":"dTpw"}}}',
  '{"auths":{"a.test":{"auth":"dTpw"}},"auths":{"busybox":{}}}', '{"auths":{"a.test":{"auth":"dTpw"},"a.test":{}}}',
  '{"auths":{"a.test":{"auth":"eDp5"},"a.test":{"auth":"dTpw"}}}', '{"auths":{"a.test":{"auth":5,"auth":"dTpw"}}}', '{"auths":{"a.test":{"auth":"?","auth":"dTpw"}}}',
  '{"auths":{"a.test":{"auth":"dTpw","AUTH":"eDp5"}}}', '{"auths":{"a.test":{"AUTH":"eDp5","auth":"dTpw"}}}', '{"auths":{"a.test":{"auth":"dTpw","Auth":null}}}',
  '{"auths":{"a.test":{"auth":"dTpw"}},"HttpHeaders":{"a":"b"}}', '{"auths":{"a.test":{"auth":"dTpw"}},"HttpHeaders":{"a":1}}',
  '{"auths":{"a.test":{"auth":"dTpw"}},"httpheaders":[]}', '{"auths":{"a.test":{"auth":"dTpw"}},"HttpHeaders":{"a":null}}', '{"auths":{"a.test":{"auth":"dTpw"}},"HttpHeaders":null}',
  '{"auths":{"a.test":{"auth":"dTpw"}},"credsStore":"x","credHelpers":{"b":5}}', '{"auths":{"a\\u002etest":{"auth":"dTpw"}}}', '{"auths":{"a.test":{"auth":"d\\u0054pw"}}}',
  '{"auths":{"a.test":{"username":"\\ud800","password":"p"}}}', '{"auths" : { "a.test" : { "auth" : "dTpw" } } }\n', '{"auths":{"a.test":{"x":{"auth":"eDp5"},"auth":"dTpw"}}}',
  '{"auths":{"a.test":{"auth":"dTpw","x":[{"auths":{"]":"}"}}]}}}', '{"auths":{"a.test":{"auth":"dTpw"}}}{}', '{"auths":{"a.test":{"auth":"dTpw"}},"x":tru}',
  `{"auths":{"a.test":{"auth":"dTpw"}},"x":${"[".repeat(9_998)}${"]".repeat(9_998)}}`, `{"auths":{"a.test":{"auth":"dTpw"}},"x":${"[".repeat(9_999)}${"]".repeat(9_999)}}`,
  `{"auths":{"a.test":{"auth":"dTpw"}},"x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
  entry('"x"'), entry("5"), entry("[]"), entry("true"), entry('{"username":5}'), entry('{"password":{}}'), entry('{"email":[]}'), entry('{"email":null,"auth":"dTpw"}'),
  entry('{"username":"a","password":"b","auth":""}'), entry('{"username":"a","password":"b","auth":null}'), entry('{"username":"a:b","password":"c"}'), entry("{}"),
  ...["", "dTpw", "dTpw\n", "dT\npw", "dTp w", " dTpw", "dTpw ", "dTpwcA==", "dTpwcA", "dTpwcA=", "dTpwcA==\n", "dTpwcA== ", "dTpwcA==\u00a0", "dTpwcA\n=\n=", "dTpwcA=\n\n=",
    "dTpwcA===", "dTpw=", "=", "==", "====", "d", "dT", "dTp", "dT==", "dT=", "d===", "?", "dTpw!", "dT-_", "dTpwcB==", "dXNlcg==", "Og==", "OnA=", "dTo=", base64("u:p:q"),
    base64("u:\xff\xfe"), base64("\xff:p"), base64("u\n:p\r"), "dTpw\u0000", "dTpwé", "dTpwcA==dTpw", "\ufeffdTpw"].map(auth),
];

/** Secrets of other types and keys, which kubelet passes over. */
const OTHER_SECRETS: readonly KeyringCase[] = [
  { type: "Opaque", data: { ".dockerconfigjson": config("a.test", "u", "p") } },
  { type: "kubernetes.io/dockercfg", data: { ".dockerconfigjson": config("a.test", "u", "p") } },
  { type: "kubernetes.io/dockerconfigjson", data: { ".dockercfg": '{"a.test":{"auth":"dTpw"}}' } },
  { type: "kubernetes.io/dockerconfigjson", data: {} },
  { type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": "" } },
].map((other) => ({
  images: ["a.test/api", "b.test/api"],
  secrets: [
    { name: "other", ...other },
    {
      name: "right",
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": config("b.test", "right", "p") },
    },
  ] as PullSecret[],
}));
