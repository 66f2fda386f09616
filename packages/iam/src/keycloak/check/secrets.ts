import type { PathSegment } from "@ashlar/core";
import { entriesOf, field, recordsAt, show, type Tell } from "./report.ts";

const CODE = "iam/no-secret-in-realm";
type Path = readonly PathSegment[];
type Json = Readonly<Record<string, unknown>>;

/** Keys of providers whose values are secret; exports hold the realm's private keys there. */
const SECRET_KEYS = /^(bindCredential|clientSecret|password|privateKey|secret|signingCertificateKey)$/i;

/** Secrets that stand in the file as they are. Their values are never printed. */
export function checkSecrets(realm: Json, tell: Tell): void {
  const check = (value: unknown, path: Path, what: string): void => {
    const texts = Array.isArray(value) ? value : [value];
    if (!texts.some(isLiteral)) return;
    tell(
      CODE,
      "error",
      path,
      `${what} stands in the file: whoever reads it has it`,
      `write \${NAME}, which the import fills from its environment; then change the secret: it has been read`,
    );
  };
  for (const { item, at } of recordsAt(realm.clients, ["clients"]))
    for (const key of ["secret", "registrationAccessToken"])
      check(item[key], [...at, key], `the ${key} of client ${show(item.clientId)}`);
  for (const { item, at } of recordsAt(realm.users, ["users"]))
    for (const credential of recordsAt(item.credentials, [...at, "credentials"]))
      for (const key of ["value", "secretData"])
        check(credential.item[key], [...credential.at, key], `a credential of user ${show(item.username)}`);
  for (const key of ["privateKey", "codeSecret"]) check(realm[key], [key], `the realm's ${key}`);
  check(field(realm.smtpServer, "password"), ["smtpServer", "password"], "the password of the mail server");
  for (const { item, at } of recordsAt(realm.identityProviders, ["identityProviders"]))
    checkConfig(item.config, [...at, "config"], `identity provider ${show(item.alias)}`, check);
  for (const [type, list] of entriesOf(realm.components))
    for (const { item, at } of recordsAt(list, ["components", type]))
      checkConfig(item.config, [...at, "config"], `component ${show(item.name)}`, check);
}

function checkConfig(
  config: unknown,
  path: Path,
  owner: string,
  check: (value: unknown, path: Path, what: string) => void,
) {
  for (const [key, value] of entriesOf(config))
    if (SECRET_KEYS.test(key)) check(value, [...path, key], `${key} of ${owner}`);
}

/** Neither empty, nor masked by an export, nor a placeholder without a default. */
function isLiteral(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !/^\*+$/.test(value) && !/^\$\{[^{}:]+\}$/.test(value);
}
