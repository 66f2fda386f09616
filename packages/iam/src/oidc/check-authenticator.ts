import { isDnsSubdomain } from "@ashlar/core";
import {
  type Fields,
  fieldsOf,
  isFields,
  listOf,
  type Report,
  textFields,
  textOf,
  unknownFields,
} from "./fields.ts";
import { hasSlashThatKeycloakLacks, issuerUrlProblems } from "./issuer-url.ts";

/** One entry of `jwt`, field by field, in the order of the server's validation. */
export function checkJwtAuthenticator(
  jwt: unknown,
  path: string,
  disallowed: ReadonlySet<string>,
  report: Report,
): void {
  if (!isFields(jwt)) {
    report(path, "expected an object", "write issuer and claimMappings");
    return;
  }
  unknownFields(
    jwt,
    `${path}.`,
    ["issuer", "claimValidationRules", "claimMappings", "userValidationRules"],
    report,
  );
  checkIssuer(fieldsOf(jwt.issuer), `${path}.issuer`, disallowed, report);
  checkClaimRules(listOf(jwt.claimValidationRules, `${path}.claimValidationRules`, report), path, report);
  const mappings = fieldsOf(jwt.claimMappings);
  checkMappings(mappings, `${path}.claimMappings`, report);
  const rules = listOf(jwt.userValidationRules, `${path}.userValidationRules`, report).map(fieldsOf);
  checkExpressions(rules, `${path}.userValidationRules`, report);
  warnOfNames(mappings, rules, path, report);
}

function checkIssuer(issuer: Fields, path: string, disallowed: ReadonlySet<string>, report: Report): void {
  const texts = ["url", "discoveryURL", "certificateAuthority", "audienceMatchPolicy", "egressSelectorType"];
  unknownFields(issuer, `${path}.`, [...texts, "audiences"], report);
  textFields(issuer, `${path}.`, texts, report);
  const url = textOf(issuer.url);
  for (const { message, hint } of issuerUrlProblems(url)) report(`${path}.url`, message, hint);
  if (disallowed.has(url))
    report(
      `${path}.url`,
      "this is the issuer of the server's own service account tokens",
      "name another issuer",
    );
  if (hasSlashThatKeycloakLacks(url))
    report(
      `${path}.url`,
      "the issuer ends in a slash; Keycloak's tokens do not have it, so that each is refused with 401",
      `write ${url.replace(/\/+$/, "")}`,
      { code: "iam/no-trailing-slash-issuer", severity: "warning" },
    );
  const discovery = textOf(issuer.discoveryURL);
  if (discovery !== "") {
    for (const { message, hint } of issuerUrlProblems(discovery))
      report(`${path}.discoveryURL`, message, hint);
    if (url !== "" && discovery.replace(/\/+$/, "") === url.replace(/\/+$/, ""))
      report(`${path}.discoveryURL`, "discoveryURL must differ from url", "remove it");
  }
  checkAudiences(issuer, path, report);
  const authority = textOf(issuer.certificateAuthority);
  if (
    authority !== "" &&
    !/-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.test(authority)
  )
    report(
      `${path}.certificateAuthority`,
      "expected certificates as PEM text",
      "write -----BEGIN CERTIFICATE----- …",
    );
  const egress = textOf(issuer.egressSelectorType);
  if (!["", "controlplane", "cluster"].includes(egress))
    report(
      `${path}.egressSelectorType`,
      `unknown type ${JSON.stringify(egress)}`,
      "write controlplane or cluster",
    );
}

function checkAudiences(issuer: Fields, path: string, report: Report): void {
  const audiences = listOf(issuer.audiences, `${path}.audiences`, report);
  if (audiences.length === 0)
    report(
      `${path}.audiences`,
      "expected at least one audience, found none",
      "write the id of kubectl's OIDC client",
    );
  audiences.forEach((audience, i) => {
    if (typeof audience !== "string" || audience === "")
      report(
        `${path}.audiences[${i}]`,
        "expected an audience, found no text",
        "write a client id, or remove it",
      );
    else if (audiences.indexOf(audience) < i)
      report(`${path}.audiences[${i}]`, `${JSON.stringify(audience)} is there twice`, "remove one");
  });
  const policy = textOf(issuer.audienceMatchPolicy);
  if (policy === "MatchAny" || (audiences.length < 2 && policy === "")) return;
  report(
    `${path}.audienceMatchPolicy`,
    audiences.length > 1
      ? "several audiences need audienceMatchPolicy"
      : `unknown policy ${JSON.stringify(policy)}`,
    "write audienceMatchPolicy: MatchAny",
  );
}

function checkClaimRules(rules: readonly unknown[], parent: string, report: Report): void {
  const seen = new Set<string>();
  rules.forEach((entry, i) => {
    const path = `${parent}.claimValidationRules[${i}]`;
    const rule = fieldsOf(entry);
    const names = ["claim", "requiredValue", "expression", "message"];
    unknownFields(rule, `${path}.`, names, report);
    textFields(rule, `${path}.`, names, report);
    const [claim, value, expression, message] = names.map((name) => textOf(rule[name])) as [
      string,
      string,
      string,
      string,
    ];
    if ((claim === "") === (expression === "")) {
      report(
        path,
        `expected claim or expression, found ${claim === "" ? "neither" : "both"}`,
        "write one of them",
      );
      return;
    }
    const [kind, word] = claim === "" ? ["expression", expression] : ["claim", claim];
    if (seen.has(`${kind} ${word}`))
      report(`${path}.${kind}`, `${JSON.stringify(word)} is there twice`, "remove one");
    seen.add(`${kind} ${word}`);
    if (claim !== "" && message !== "")
      report(`${path}.message`, "a message goes with an expression, not with a claim", "remove it");
    if (expression !== "" && value !== "")
      report(`${path}.requiredValue`, "requiredValue goes with a claim, not with an expression", "remove it");
  });
}

function checkMappings(mappings: Fields, path: string, report: Report): void {
  unknownFields(mappings, `${path}.`, ["username", "groups", "uid", "extra"], report);
  checkMapping(fieldsOf(mappings.username), `${path}.username`, true, report);
  checkMapping(fieldsOf(mappings.groups), `${path}.groups`, false, report);
  const uid = fieldsOf(mappings.uid);
  unknownFields(uid, `${path}.uid.`, ["claim", "expression"], report);
  textFields(uid, `${path}.uid.`, ["claim", "expression"], report);
  if (textOf(uid.claim) !== "" && textOf(uid.expression) !== "")
    report(`${path}.uid`, "expected claim or expression, found both", "write one of them");
  const seen = new Set<string>();
  listOf(mappings.extra, `${path}.extra`, report).forEach((entry, i) => {
    checkExtra(fieldsOf(entry), `${path}.extra[${i}]`, seen, report);
  });
}

function checkMapping(mapping: Fields, path: string, isRequired: boolean, report: Report): void {
  unknownFields(mapping, `${path}.`, ["claim", "prefix", "expression"], report);
  textFields(mapping, `${path}.`, ["claim", "prefix", "expression"], report);
  const [claim, expression] = [textOf(mapping.claim), textOf(mapping.expression)];
  const hasPrefix = typeof mapping.prefix === "string";
  if (claim !== "" && expression !== "")
    report(path, "expected claim or expression, found both", "write one of them");
  else if (claim === "" && expression === "") {
    if (isRequired)
      report(path, "expected claim or expression, found neither", "write claim: sub, and a prefix");
  } else if (expression !== "" && hasPrefix)
    report(`${path}.prefix`, "an expression has no prefix beside it", "write the prefix into the expression");
  else if (claim !== "" && !hasPrefix)
    report(`${path}.prefix`, "a claim needs a prefix", 'write prefix: "oidc:", or prefix: "" for none');
}

function checkExtra(entry: Fields, path: string, seen: Set<string>, report: Report): void {
  unknownFields(entry, `${path}.`, ["key", "valueExpression"], report);
  const key = textOf(entry.key);
  const slash = key.indexOf("/");
  const [domain, rest] = [key.slice(0, Math.max(slash, 0)), key.slice(slash + 1)];
  if (slash < 1 || !isDnsSubdomain(domain.toLowerCase()) || !/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(rest))
    report(
      `${path}.key`,
      `expected a domain and a path, found ${JSON.stringify(key)}`,
      "write example.test/word",
    );
  else if (key !== key.toLowerCase())
    report(`${path}.key`, "a key is in lower case", `write ${key.toLowerCase()}`);
  if (/(^|\.)(kubernetes|k8s)\.io$/.test(domain))
    report(`${path}.key`, "kubernetes.io and k8s.io are Kubernetes' own", "take a domain of yours");
  if (seen.has(key)) report(`${path}.key`, `${JSON.stringify(key)} is there twice`, "remove one");
  else if (textOf(entry.valueExpression) === "")
    report(`${path}.valueExpression`, "expected an expression, found nothing", "write claims.NAME");
  seen.add(key);
}

function checkExpressions(rules: readonly Fields[], path: string, report: Report): void {
  const seen = new Set<string>();
  rules.forEach((rule, i) => {
    unknownFields(rule, `${path}[${i}].`, ["expression", "message"], report);
    const expression = textOf(rule.expression);
    if (expression === "")
      report(`${path}[${i}].expression`, "expected an expression, found nothing", "remove the rule");
    else if (seen.has(expression))
      report(`${path}[${i}].expression`, "the expression is there twice", "remove one");
    seen.add(expression);
  });
}

/** Without a prefix whoever gives out tokens may name system:masters, and any group that a binding already knows. */
function warnOfNames(mappings: Fields, rules: readonly Fields[], path: string, report: Report): void {
  const isGuarded = (of: string) =>
    rules.some(({ expression }) => textOf(expression).includes(of) && textOf(expression).includes("system:"));
  for (const [field, of] of [
    ["groups", "user.groups"],
    ["username", "user.username"],
  ] as const) {
    const { claim, prefix } = fieldsOf(mappings[field]);
    if (textOf(claim) === "" || prefix !== "" || isGuarded(of)) continue;
    report(
      `${path}.claimMappings.${field}.prefix`,
      `${field === "groups" ? "groups" : "user names"} of tokens have no prefix: a token may say ${field === "groups" ? "system:masters" : "system:kube-controller-manager"}, and the server believes it`,
      'write the prefix "oidc:" (and bindings with it), or refuse system: by a userValidationRule',
      { code: "iam/require-token-prefix", severity: "warning" },
    );
  }
}
