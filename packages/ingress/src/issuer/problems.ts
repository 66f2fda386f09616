import { type IntentProblem, isDnsLabel, isDnsSubdomain } from "@ashlar/core";
import { isHost, shown } from "../app/words.ts";
import type { IssuerIntent, SolverIntent } from "./intent.ts";

/** Names that Let's Encrypt puts into one certificate (letsencrypt.org/docs/rate-limits). */
const MOST_HOSTS = 100;

/** All that is wrong with an issuer whose shape is right. */
export function issuerProblems(intent: IssuerIntent): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  const named = (path: readonly PropertyKey[], what: string, name: string | undefined) => {
    if (name !== undefined && !isDnsSubdomain(name))
      problem(path, `${shown(name)} is no name of ${what}`, "use a-z, 0-9, - and ., at most 253");
  };
  named(["name"], "a ClusterIssuer", intent.name);
  named(["accountKey"], "a Secret", intent.accountKey ?? accountKeyOf(intent));
  if (!isDnsLabel(intent.certManagerNamespace))
    problem(
      ["certManagerNamespace"],
      `${shown(intent.certManagerNamespace)} is no namespace name`,
      "use a-z, 0-9 and -",
    );
  if (!isMailAddress(intent.email))
    problem(["email"], `${shown(intent.email)} is no mail address`, "write that of a role: info@strix.co.kr");
  if (!isDirectory(intent.server))
    problem(
      ["server"],
      `${shown(intent.server)} is no ACME server`,
      "write production, staging, or an https URL",
    );
  if (intent.solvers.length === 0)
    problem(
      ["solvers"],
      "nothing says how to prove a host",
      "write solvers: [{ http01: { ingressClass } }], or route53",
    );
  const selectors = new Set<string>();
  intent.solvers.forEach((solver, i) => {
    for (const found of solverProblems(solver))
      problem(["solvers", i, ...found.path], found.message, found.hint);
    const key = selectorKey(solver);
    if (selectors.has(key))
      problem(
        ["solvers", i],
        "another solver is for the same hosts, so this one is never used",
        "give one of them zones or hosts",
      );
    selectors.add(key);
  });
  const secrets = new Set<string>();
  intent.certificates.forEach(({ secret, namespace, hosts }, i) => {
    named(["certificates", i, "secret"], "a Secret", secret);
    if (!isDnsLabel(namespace))
      problem(
        ["certificates", i, "namespace"],
        `${shown(namespace)} is no namespace name`,
        "use a-z, 0-9 and -",
      );
    if (hosts.length === 0 || hosts.length > MOST_HOSTS)
      problem(
        ["certificates", i, "hosts"],
        `a certificate is for 1 to ${MOST_HOSTS} hosts, not for ${hosts.length}`,
        "write hosts: [wiki.strix.kr]; further ones in another certificate",
      );
    else
      hosts.forEach((host, j) => {
        if (!isHost(host) || hosts.indexOf(host) < j)
          problem(
            ["certificates", i, "hosts", j],
            `${shown(host)} is no host, or there twice`,
            "write wiki.strix.kr",
          );
      });
    if (secrets.has(`${namespace}/${secret}`))
      problem(
        ["certificates", i, "secret"],
        `Secret ${namespace}/${secret} is that of another`,
        "give each its own",
      );
    secrets.add(`${namespace}/${secret}`);
    const wildcard = hosts.findIndex((host) => host.startsWith("*."));
    if (wildcard >= 0 && !intent.solvers.some(({ route53 }) => route53 !== undefined))
      problem(
        ["certificates", i, "hosts", wildcard],
        `${hosts[wildcard]} is a wildcard, which ACME proves in DNS alone`,
        "add a solver with route53",
      );
  });
  return problems;
}

function solverProblems({ http01, route53, zones, hosts }: SolverIntent): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  const named = (path: readonly PropertyKey[], what: string, name: string | undefined) => {
    if (name !== undefined && !isDnsSubdomain(name))
      problem(path, `${shown(name)} is no name of ${what}`, "use a-z, 0-9, - and ., at most 253");
  };
  if ((http01 === undefined) === (route53 === undefined))
    problem(
      [],
      "a solver is either of http01 or of route53",
      "write one of them; further solvers are items of their own",
    );
  if (http01 !== undefined && "ingressClass" in http01)
    named(["http01", "ingressClass"], "an IngressClass", http01.ingressClass);
  if (http01 !== undefined && "gateway" in http01) {
    named(["http01", "gateway", "name"], "a Gateway", http01.gateway.name);
    named(["http01", "gateway", "listener"], "a listener", http01.gateway.listener);
    if (!isDnsLabel(http01.gateway.namespace))
      problem(
        ["http01", "gateway", "namespace"],
        `${shown(http01.gateway.namespace)} is no namespace name`,
        "use a-z, 0-9 and -",
      );
  }
  if (http01 !== undefined)
    hosts.forEach((host, i) => {
      if (host.startsWith("*."))
        problem(["hosts", i], `${shown(host)} is a wildcard, which ACME proves in DNS alone`, "use route53");
    });
  for (const [key, list] of Object.entries({ zones, hosts }))
    list.forEach((host, i) => {
      if (!isHost(host) || (key === "zones" && host.startsWith("*.")))
        problem([key, i], `${shown(host)} is no name in DNS`, "write strix.kr");
    });
  if (route53 === undefined) return problems;
  const { region, hostedZoneId, role, auth } = route53;
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+){1,3}-\d{1,2}$/.test(region))
    problem(["route53", "region"], `${shown(region)} is no region`, "write ap-northeast-2");
  if (hostedZoneId !== undefined && !/^[A-Z0-9]{1,32}$/.test(hostedZoneId))
    problem(
      ["route53", "hostedZoneId"],
      `${shown(hostedZoneId)} is no id of a zone`,
      "write Z and what follows",
    );
  if (role !== undefined && !/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(role))
    problem(["route53", "role"], `${shown(role)} is no role`, "write arn:aws:iam::ACCOUNT:role/NAME");
  if (auth === "ambient") return problems;
  if ("serviceAccount" in auth) {
    named(["route53", "auth", "serviceAccount"], "a ServiceAccount", auth.serviceAccount);
    if (role === undefined)
      problem(
        ["route53", "role"],
        "a ServiceAccount logs in for a role, and none is named",
        "write role: ARN",
      );
  } else {
    named(["route53", "auth", "secret", "name"], "a Secret", auth.secret.name);
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(auth.secret.key))
      problem(
        ["route53", "auth", "secret", "key"],
        `${shown(auth.secret.key)} is no key`,
        "use letters, digits, - _ and .",
      );
    if (!/^[A-Z0-9]{16,128}$/.test(auth.accessKeyId))
      problem(
        ["route53", "auth", "accessKeyId"],
        "this is no id of an access key",
        "write AKIA and what follows",
      );
  }
  return problems;
}

/** Which hosts a solver is for, and how: of two that say the same, cert-manager takes the first. */
function selectorKey({ zones, hosts, http01, route53 }: SolverIntent): string {
  return JSON.stringify([[...zones].sort(), [...hosts].sort(), http01 !== undefined, route53 !== undefined]);
}

export function accountKeyOf({ name, accountKey }: Pick<IssuerIntent, "name" | "accountKey">): string {
  return accountKey ?? `${name}-acme-credential`;
}

function isMailAddress(text: string): boolean {
  const [local = "", domain = "", ...more] = text.split("@");
  return (
    more.length === 0 &&
    /^[A-Za-z0-9._%+-]{1,64}$/.test(local) &&
    domain.includes(".") &&
    isHost(domain) &&
    !domain.startsWith("*")
  );
}

function isDirectory(server: string): boolean {
  if (server === "production" || server === "staging") return true;
  const match = /^https:\/\/([a-z0-9.-]+)(:[1-9]\d{0,4})?(\/[A-Za-z0-9._~/-]*)?$/.exec(server);
  return match !== null && server.length <= 500 && isHost(match[1] ?? "");
}
