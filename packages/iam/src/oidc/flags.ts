import type { Finding, Result } from "@ashlar/core";
import { suggest } from "@ashlar/core";
import { checkAuthenticationConfiguration } from "./check-configuration.ts";
import type { AuthenticationConfiguration } from "./configuration.ts";
import { SIGNING_ALGS } from "./intent.ts";

/** What the `--oidc-*` flags of a kube-apiserver say. */
export interface OidcFlags {
  /** What the server makes of them; without issuers when none are set. `certificateAuthority` is in a file: not here. */
  readonly configuration: AuthenticationConfiguration;
  readonly signingAlgs: readonly string[];
  readonly caFile?: string;
  /** Of `--authentication-config`. */
  readonly configurationFile?: string;
  /** What works and is likely not meant. */
  readonly warnings: readonly Finding[];
}

const CODE = "iam/valid-oidc-flags";
const FLAGS = [
  ...["issuer-url", "client-id", "username-claim", "username-prefix", "groups-claim", "groups-prefix"],
  ...["required-claim", "signing-algs", "ca-file"],
].map((name) => `oidc-${name}`);
const CONFIG = "authentication-config";
const ISSUERS = "service-account-issuer";

/**
 * Reads the flags of a kube-apiserver as the server does (`--name=value` and `--name value`, `_` for `-`; the last of a name
 * wins, required claims and service account issuers add up). Other flags are passed over.
 *
 * Refused, as the server does: issuer without client, an unknown algorithm, flags beside a configuration file, a URL that is
 * no issuer's; codes `iam/valid-oidc-flags` and `iam/valid-authentication-configuration`.
 *
 * @example configurationFromFlags(apiServerFlags(intent)) // { ok: true, value: { configuration: { jwt: [ … ] }, … } }
 */
export function configurationFromFlags(argv: readonly string[]): Result<OidcFlags> {
  const { values, findings } = readFlags(argv);
  const last = (name: string) => values.get(name)?.at(-1)?.value;
  const issuer = last("oidc-issuer-url") ?? "";
  const client = last("oidc-client-id") ?? "";
  const report = (path: string, message: string, hint: string) =>
    void findings.push({ code: CODE, severity: "error", message, hint, path });
  const first = FLAGS.find((name) => values.has(name));
  const file = last(CONFIG);
  if (file && first !== undefined)
    report(
      `--${first}`,
      `--${first} and --${CONFIG} exclude each other: the server does not start`,
      "write what the flags say into the file, and remove every --oidc-* flag",
    );
  else if (first !== undefined && (issuer === "" || client === ""))
    report(
      `--${first}`,
      `--oidc-issuer-url and --oidc-client-id go together; ${issuer === "" ? "the issuer" : "the client"} is missing`,
      "give both, or no --oidc-* flag",
    );
  const signingAlgs = algorithms(values.get("oidc-signing-algs") ?? [], report);
  const requiredClaims = requirements(values.get("oidc-required-claim") ?? [], report);
  const configuration: AuthenticationConfiguration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt:
      issuer === "" || client === ""
        ? []
        : [
            {
              issuer: { url: issuer, audiences: [client] },
              ...(requiredClaims.length > 0 && { claimValidationRules: requiredClaims }),
              claimMappings: mappings(issuer, last),
            },
          ],
  };
  const serviceAccountIssuers = (values.get(ISSUERS) ?? []).map(({ value }) => value);
  findings.push(...checkAuthenticationConfiguration(configuration, { serviceAccountIssuers }).map(asFlag));
  if (findings.some(({ severity }) => severity === "error")) return { ok: false, findings };
  const caFile = last("oidc-ca-file");
  return {
    ok: true,
    value: {
      configuration,
      signingAlgs,
      ...(caFile && { caFile }),
      ...(file && { configurationFile: file }),
      warnings: findings,
    },
  };
}

interface Flag {
  readonly value: string;
  readonly index: number;
}

function readFlags(argv: readonly string[]): { values: ReadonlyMap<string, Flag[]>; findings: Finding[] } {
  const values = new Map<string, Flag[]>();
  const findings: Finding[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? "";
    if (argument === "--") break;
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
    const name = match?.[1]?.replaceAll("_", "-") ?? "";
    if (name !== CONFIG && name !== ISSUERS && !FLAGS.includes(name)) {
      if (name.startsWith("oidc-"))
        findings.push({
          code: CODE,
          severity: "error",
          message: `unknown flag --${name}: the server does not start`,
          hint: suggest(name, FLAGS),
          path: `--${name}`,
        });
      continue;
    }
    const value = match?.[2] ?? argv[++i];
    if (value === undefined)
      findings.push({
        code: CODE,
        severity: "error",
        message: `--${name} needs a value, found the end of the arguments`,
        hint: `write --${name}=VALUE`,
        path: `--${name}`,
      });
    else values.set(name, [...(values.get(name) ?? []), { value, index: i }]);
  }
  return { values, findings };
}

type Report = (path: string, message: string, hint: string) => void;

function mappings(issuer: string, last: (name: string) => string | undefined) {
  const claim = last("oidc-username-claim") ?? "sub";
  const prefix = last("oidc-username-prefix") ?? "";
  const groups = last("oidc-groups-claim") ?? "";
  return {
    username: {
      claim,
      prefix: prefix === "-" ? "" : prefix === "" && claim !== "email" ? `${issuer}#` : prefix,
    },
    ...(groups !== "" && { groups: { claim: groups, prefix: last("oidc-groups-prefix") ?? "" } }),
  };
}

/** A list with commas; given more than once, the values add up. */
function algorithms(flags: readonly Flag[], report: Report): readonly string[] {
  const names = flags.flatMap(({ value }) => (value === "" ? [] : value.split(",")));
  for (const name of names)
    if (!(SIGNING_ALGS as readonly string[]).includes(name))
      report("--oidc-signing-algs", `unknown algorithm ${JSON.stringify(name)}`, suggest(name, SIGNING_ALGS));
  return names.length > 0 ? names : ["RS256"];
}

/** `claim=value`, cut at the first `=` and trimmed; a claim that is named again has its last value. */
function requirements(flags: readonly Flag[], report: Report) {
  const byClaim = new Map<string, string>();
  for (const { value } of flags) {
    const at = value.indexOf("=");
    if (at < 0)
      report(
        "--oidc-required-claim",
        `expected CLAIM=VALUE, found ${JSON.stringify(value)}`,
        "write claim=value",
      );
    else byClaim.set(value.slice(0, at).trim(), value.slice(at + 1).trim());
  }
  return [...byClaim].map(([claim, requiredValue]) => ({ claim, requiredValue }));
}

const FLAG_OF: readonly (readonly [string, string])[] = [
  ["jwt[0].issuer.url", "--oidc-issuer-url"],
  ["jwt[0].issuer.audiences", "--oidc-client-id"],
  ["jwt[0].claimMappings.username", "--oidc-username-claim"],
  ["jwt[0].claimMappings.groups", "--oidc-groups-prefix"],
  ["jwt[0].claimValidationRules", "--oidc-required-claim"],
];

/** The finding of a configuration's field with the flag that says it. */
function asFlag(finding: Finding): Finding {
  const flag = FLAG_OF.find(([path]) => finding.path.startsWith(path));
  return flag ? { ...finding, path: flag[1] } : finding;
}
