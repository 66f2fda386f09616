import { isRecord, type PathSegment, suggest } from "@ashlar/core";
import { entriesOf, recordsAt, show, type Tell, textsAt } from "./report.ts";

const CODE = "iam/valid-realm";

/** Password policies of Keycloak 26.7 and whether their value is a whole number. */
const PASSWORD_POLICIES: ReadonlyMap<string, boolean> = new Map([
  ...[
    "digits",
    "hashIterations",
    "length",
    "lowerCase",
    "maxAuthAge",
    "maxLength",
    "passwordAge",
    "passwordHistory",
  ].map((name): [string, boolean] => [name, true]),
  ...["recoveryCodesWarningThreshold", "specialChars", "upperCase"].map((name): [string, boolean] => [
    name,
    true,
  ]),
  ...["forceExpiredPasswordChange", "hashAlgorithm", "notContainsUsername", "notEmail", "notUsername"].map(
    (name): [string, boolean] => [name, false],
  ),
  ...["passwordBlacklist", "regexPattern"].map((name): [string, boolean] => [name, false]),
]);

const FLOWS = [
  "browser",
  "clients",
  "direct grant",
  "docker auth",
  "first broker login",
  "registration",
  "reset credentials",
];
const FLOW_FIELDS = [
  "browserFlow",
  "clientAuthenticationFlow",
  "directGrantFlow",
  "registrationFlow",
  "resetCredentialsFlow",
];
const PROTOCOLS = ["openid-connect", "saml", "docker-v2", "oid4vc"];
/** What its database columns hold. */
const MOST_CHARACTERS = 255;

type Path = readonly PathSegment[];
type Json = Readonly<Record<string, unknown>>;

/** Values that Keycloak reads and then refuses. */
export function checkValues(realm: Json, isPartial: boolean, tell: Tell): void {
  const wrong = (path: Path, message: string, hint: string) => tell(CODE, "error", path, message, hint);
  if (!isPartial) {
    checkName(realm.realm, wrong);
    checkWord(realm.sslRequired, ["sslRequired"], ["external", "all", "none"], (w) => w.toLowerCase(), wrong);
    checkWord(realm.bruteForceStrategy, ["bruteForceStrategy"], ["LINEAR", "MULTIPLE"], (w) => w, wrong);
    checkPasswordPolicy(realm.passwordPolicy, wrong);
    const own = recordsAt(realm.authenticationFlows, []).map(({ item }) => String(item.alias));
    const flows = own.length > 0 ? own : FLOWS;
    for (const key of FLOW_FIELDS) checkWord(realm[key], [key], flows, (w) => w, wrong);
  }
  for (const { item, at } of recordsAt(realm.clients, ["clients"])) {
    if (item.clientId === "")
      wrong([...at, "clientId"], "a client needs an id", 'write "clientId": "kubernetes"');
    checkLength(item.clientId, [...at, "clientId"], wrong);
    checkWord(item.protocol, [...at, "protocol"], PROTOCOLS, (w) => w, wrong);
    for (const { text, at: path } of textsAt(item.redirectUris, [...at, "redirectUris"]))
      checkUri(text, path, wrong);
    for (const key of ["rootUrl", "baseUrl", "adminUrl"])
      if (typeof item[key] === "string" && !item[key].includes("${"))
        checkUri(item[key], [...at, key], wrong);
  }
  const roles = isRecord(realm.roles) ? realm.roles : {};
  const lists: [Path, unknown][] = [
    [["roles", "realm"], roles.realm],
    ...entriesOf(roles.client).map(([id, list]): [Path, unknown] => [["roles", "client", id], list]),
  ];
  for (const [path, list] of lists)
    for (const { item, at } of recordsAt(list, path)) checkLength(item.name, [...at, "name"], wrong);
  if (isPartial)
    for (const { item, at } of recordsAt(realm.groups, ["groups"]))
      if (typeof item.path !== "string")
        wrong(
          [...at, "path"],
          `group ${show(item.name)}: a partial import needs its path, without it Keycloak answers 500`,
          `write "path": ${show(`/${String(item.name)}`)}`,
        );
}

type Wrong = (path: Path, message: string, hint: string) => void;

function checkName(name: unknown, wrong: Wrong): void {
  if (name === undefined || name === null || name === "")
    wrong(["realm"], "the realm has no name", 'write "realm": "platform"');
  else if (typeof name === "string" && name.includes("/"))
    wrong(["realm"], `${show(name)}: a realm's name has no /`, "use letters, digits and -");
  else checkLength(name, ["realm"], wrong);
}

function checkLength(value: unknown, path: Path, wrong: Wrong): void {
  if (typeof value === "string" && value.length > MOST_CHARACTERS)
    wrong(
      path,
      `${path.at(-1)}: ${value.length} characters, Keycloak stores ${MOST_CHARACTERS}`,
      "shorten it",
    );
}

function checkWord(
  value: unknown,
  path: Path,
  known: readonly string[],
  normal: (word: string) => string,
  wrong: Wrong,
): void {
  if (typeof value === "string" && !known.includes(normal(value)))
    wrong(path, `${path.at(-1)}: unknown word ${show(value)}`, suggest(value, known));
}

/** `length(8) and digits(1)`; a policy without value has its default. */
function checkPasswordPolicy(policy: unknown, wrong: Wrong): void {
  if (typeof policy !== "string" || policy.trim() === "") return;
  for (const part of policy.split(" and ")) {
    const text = part.trim();
    const open = text.indexOf("(");
    const name = open < 0 ? text : text.slice(0, open).trim();
    const value = open < 0 ? undefined : text.slice(open + 1, text.lastIndexOf(")"));
    const isNumber = PASSWORD_POLICIES.get(name);
    if (isNumber === undefined)
      wrong(
        ["passwordPolicy"],
        `unknown password policy ${show(name)}`,
        suggest(name, PASSWORD_POLICIES.keys()),
      );
    else if (isNumber && value !== undefined && !/^[+-]?\d+$/.test(value))
      wrong(
        ["passwordPolicy"],
        `password policy ${name}: expected a whole number, found ${show(value)}`,
        `write ${name}(8)`,
      );
  }
}

/** What java.net.URI cannot read, and what Keycloak refuses on top: scripts, data and fragments. */
function checkUri(uri: string, path: Path, wrong: Wrong): void {
  const refuse = (why: string) => wrong(path, `${show(uri)}: ${why}`, "write https://HOST/PATH");
  if (/^(javascript|data):/i.test(uri)) refuse("Keycloak refuses scripts and data as URL");
  else if (path.includes("redirectUris") && uri.includes("#")) refuse("Keycloak refuses a fragment");
  else if (
    /[\s"<>\\^`{|}\p{Cc}]|%(?![0-9A-Fa-f]{2})/u.test(uri) ||
    /[[\]]/.test(uri.replace(/^[a-z][a-z0-9+.-]*:\/\/([^/?#@]*@)?\[[0-9A-Fa-f:.]+\]/i, ""))
  )
    refuse("a character that a URL cannot have");
}
