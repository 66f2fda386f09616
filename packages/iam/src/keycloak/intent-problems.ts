import { type IntentProblem, isDnsSubdomain, suggest } from "@ashlar/core";
import { secretVariable } from "./client.ts";
import type { ClientIntent, RealmIntent } from "./intent.ts";
import { DEFAULT_CLIENT_ROLES, DEFAULT_CLIENTS, MANAGEMENT_ROLES } from "./names.ts";

/** Characters that every name has to do without: they end lines, or start a placeholder of the import. */
const HOSTILE = /[\p{Cc}\u2028\u2029]|\$\{/u;
const RESERVED_CLAIMS = [
  "acr",
  "aud",
  "auth_time",
  "azp",
  "exp",
  "iat",
  "iss",
  "jti",
  "nonce",
  "sid",
  "sub",
  "typ",
];

/** What the schema's types cannot say: names, references, URLs, and what master takes. */
export function realmProblems(intent: RealmIntent): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  const { name } = intent;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name))
    problem(
      ["name"],
      `${show(name)} is no realm name`,
      "use letters, digits, -, _ and ., at most 63: it is part of URLs",
    );
  if (!/^26(\.\d+){0,2}$/.test(intent.keycloak))
    problem(["keycloak"], `realms are written for Keycloak 26, got ${show(intent.keycloak)}`, "write 26.7");
  for (const key of ["displayName", "loginTheme"] as const) checkText([key], intent[key], problem);
  if (name === "master" && intent.defaultClients === "disabled")
    problem(["defaultClients"], "master without its own clients locks everybody out", "leave it out");
  if (name === "master" && intent.otp?.required)
    problem(
      ["otp", "required"],
      "an import into master cannot change its required actions",
      "leave it out, and turn on Configure OTP as default action in the console",
    );
  checkRoles(intent, problem);
  for (const [group, { roles, clientRoles }] of Object.entries(intent.groups)) {
    checkName(["groups", group], group, problem);
    if (group.includes("/"))
      problem(["groups", group], `${show(group)}: a / parts the names of a path`, "use another character");
    for (const [i, role] of roles.entries()) knownRole(intent, ["groups", group, "roles", i], role, problem);
    checkClientRoles(intent, ["groups", group, "clientRoles"], clientRoles, problem);
  }
  const variables = new Map<string, string>();
  for (const [id, client] of Object.entries(intent.clients)) {
    checkClient(intent, id, client, problem);
    if (client.access === "public") continue;
    const variable = client.secret ?? secretVariable(id);
    const other = variables.get(variable);
    if (other !== undefined)
      problem(
        ["clients", id, "secret"],
        `${show(id)} and ${show(other)} would share ${variable}`,
        "give each a secret of its own",
      );
    variables.set(variable, id);
  }
  return problems;
}

type Report = (path: readonly PropertyKey[], message: string, hint: string) => void;

function checkRoles(intent: RealmIntent, problem: Report): void {
  for (const [name, role] of Object.entries(intent.roles)) {
    const at = ["roles", name];
    checkName(at, name, problem);
    checkText([...at, "description"], role.description, problem);
    for (const [i, other] of role.includes.entries())
      knownRole(intent, [...at, "includes", i], other, problem);
    checkClientRoles(intent, [...at, "clientRoles"], role.clientRoles, problem);
    for (const key of ["manages", "views", "managesUsers"] as const)
      role[key].forEach((realm, i) => {
        if (intent.name !== "master")
          problem(
            [...at, key, i],
            "only roles of master reach into other realms",
            "write it in the realm master",
          );
        else if (realm === "" || HOSTILE.test(realm))
          problem([...at, key, i], `${show(realm)} is no realm name`, "name a realm");
      });
  }
}

function checkClient(intent: RealmIntent, id: string, client: ClientIntent, problem: Report): void {
  const at = ["clients", id];
  checkName(at, id, problem);
  checkText([...at, "name"], client.name, problem);
  if (DEFAULT_CLIENTS.includes(id) || (intent.name === "master" && id.endsWith("-realm")))
    problem(at, `${show(id)} is a client of Keycloak itself`, "choose another id");
  if (client.access === "public" && client.secret !== undefined)
    problem(
      [...at, "secret"],
      "a public client has no secret",
      'leave it out, or write access: "confidential"',
    );
  if (client.access === "confidential" && !isVariable(client.secret ?? secretVariable(id)))
    problem(
      [...at, "secret"],
      client.secret === undefined
        ? `the id ${show(id)} makes no variable name`
        : "a secret is a reference, not a value or a default",
      `write the name of an environment variable: \${NAME}, of A-Z, 0-9 and _`,
    );
  client.redirectUris.forEach((uri, i) => {
    const wrong = redirectProblem(uri);
    if (wrong !== undefined)
      problem([...at, "redirectUris", i], `${show(uri)}: ${wrong}`, "write https://HOST/PATH");
  });
  client.logins.forEach(({ host, callback }, i) => {
    if (!isDnsSubdomain(host))
      problem([...at, "logins", i, "host"], `${show(host)} is no host name`, "write logs.example.test");
    if (!/^\/[\w\-.~/%]*$/.test(callback))
      problem([...at, "logins", i, "callback"], `${show(callback)} is no path`, "write /oauth2/callback");
  });
  client.webOrigins.forEach((origin, i) => {
    if (origin !== "+" && !/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/.test(origin))
      problem(
        [...at, "webOrigins", i],
        `${show(origin)} is no origin`,
        'write https://HOST, without a path, or "+"',
      );
  });
  for (const [role, carriers] of Object.entries(client.roles)) {
    checkName([...at, "roles", role], role, problem);
    for (const [i, carrier] of carriers.entries())
      knownRole(intent, [...at, "roles", role, i], carrier, problem);
  }
  const claim = client.groupsClaim;
  if (claim !== undefined && (!/^[A-Za-z_][\w-]*$/.test(claim) || RESERVED_CLAIMS.includes(claim)))
    problem(
      [...at, "groupsClaim"],
      `${show(claim)} cannot be the groups claim`,
      "write groups: letters, digits, - and _",
    );
  client.accessTokenFor.forEach((other, i) => {
    if (!Object.hasOwn(intent.clients, other))
      problem(
        [...at, "accessTokenFor", i],
        `unknown client ${show(other)}`,
        suggest(other, Object.keys(intent.clients)),
      );
  });
}

function knownRole(intent: RealmIntent, path: readonly PropertyKey[], role: string, problem: Report): void {
  const known = [
    ...Object.keys(intent.roles),
    ...(intent.name === "master" ? ["admin", "create-realm"] : []),
  ];
  if (!known.includes(role)) problem(path, `unknown realm role ${show(role)}`, suggest(role, known));
}

function checkClientRoles(
  intent: RealmIntent,
  path: readonly PropertyKey[],
  clientRoles: Readonly<Record<string, readonly string[]>>,
  problem: Report,
): void {
  for (const [client, roles] of Object.entries(clientRoles)) {
    const known = rolesOfClient(intent, client);
    if (known === undefined) {
      problem(
        [...path, client],
        `unknown client ${show(client)}`,
        suggest(client, Object.keys(intent.clients)),
      );
      continue;
    }
    roles.forEach((role, i) => {
      if (!known.includes(role))
        problem(
          [...path, client, i],
          `client ${show(client)} has no role ${show(role)}`,
          suggest(role, known),
        );
    });
  }
}

/** The roles that a client has once the realm is imported; `undefined`: there is no such client. */
function rolesOfClient(intent: RealmIntent, client: string): readonly string[] | undefined {
  if (Object.hasOwn(intent.clients, client)) return Object.keys(intent.clients[client]?.roles ?? {});
  if (intent.name === "master" && client.endsWith("-realm")) return MANAGEMENT_ROLES;
  if (intent.name === "master" && client === "realm-management") return undefined;
  return DEFAULT_CLIENTS.includes(client) ? (DEFAULT_CLIENT_ROLES[client] ?? []) : undefined;
}

/** A placeholder that the import fills from its environment, without the default that Keycloak would allow. */
export function isVariable(text: string): boolean {
  return /^\$\{[A-Z_][A-Z0-9_]*\}$/.test(text);
}

function redirectProblem(uri: string): string | undefined {
  const parts = /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(uri);
  if (parts === null) return "expected an absolute http or https URL";
  const [, scheme, authority = "", path = "", query = "", fragment] = parts;
  if (fragment !== undefined) return "Keycloak refuses a fragment";
  if (uri.includes("*")) return "a wildcard lets a login come back to any page below it";
  const host = /^(.*?)(:\d{1,5})?$/.exec(authority)?.[1] ?? "";
  const loopback = host === "localhost" || host === "127.0.0.1" || host === "[::1]";
  if (!loopback && !isDnsSubdomain(host)) return `${show(host)} is no host name`;
  if (scheme === "http" && !loopback) return "expected https: by http everybody on the way reads the code";
  if (!/^[\w\-.~/%!$&'()+,;=:@?]*$/.test(path + query) || /%(?![0-9A-Fa-f]{2})/.test(path + query))
    return "a character that must be escaped";
  return undefined;
}

function checkName(path: readonly PropertyKey[], name: string, problem: Report): void {
  if (name === "" || name.length > 255 || name !== name.trim() || HOSTILE.test(name))
    problem(
      path,
      `${show(name)} cannot be a name`,
      `use 1 to 255 printable characters, no space at an end, no \${`,
    );
}

function checkText(path: readonly PropertyKey[], text: string | undefined, problem: Report): void {
  if (text !== undefined && (text.length > 255 || HOSTILE.test(text)))
    problem(
      path,
      `expected at most 255 printable characters, without \${`,
      `Keycloak's import fills \${…} from its environment`,
    );
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
