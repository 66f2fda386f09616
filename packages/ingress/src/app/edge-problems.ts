import { type IntentProblem, isDnsLabel, isDnsSubdomain } from "@ashlar/core";
import { authorityProblems } from "./authority.ts";
import type { EdgeIntent } from "./edge-fields.ts";
import type { Exposure } from "./exposure.ts";
import { secretOf } from "./exposure.ts";
import { httpsListener } from "./gateway-objects.ts";
import { impossibilitiesOf, lossesOf } from "./losses.ts";
import { isHeaderName, isHost, isPath, isSize, shown } from "./words.ts";

/** Listeners that a Gateway may have, by its schema. */
const MOST_LISTENERS = 64;
/** Headers that one filter of an HTTPRoute may remove. */
const MOST_HEADERS = 16;

/** What is wrong with the settings of an edge. */
export function edgeProblems(edge: EdgeIntent): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  const named = (path: readonly PropertyKey[], what: string, name: string | undefined) => {
    if (name !== undefined && !isDnsSubdomain(name))
      problem(path, `${shown(name)} is no name of ${what}`, "use a-z, 0-9, - and ., at most 253");
  };
  named(["ingressClass"], "an IngressClass", edge.ingressClass);
  named(["issuer"], "a ClusterIssuer", edge.issuer);
  const { gateway } = edge;
  if (edge.routes === "gateway" && gateway === undefined)
    problem(
      ["gateway"],
      "routes are for a Gateway, and none is named",
      "write gateway: { name, namespace, class }",
    );
  if (edge.certificates === "explicit" && edge.issuer === undefined)
    problem(["issuer"], "Certificates are asked for, and nobody says of which issuer", "write issuer: NAME");
  if (edge.certificates === "tls-acme" && edge.routes === "gateway")
    problem(
      ["certificates"],
      "cert-manager reads kubernetes.io/tls-acme on Ingresses only",
      'name the issuer, and write certificates: "annotation"',
    );
  if (gateway === undefined) return problems;
  named(["gateway", "name"], "a Gateway", gateway.name);
  named(["gateway", "class"], "a GatewayClass", gateway.class);
  named(["gateway", "listeners", "https"], "a listener", gateway.listeners?.https);
  named(["gateway", "listeners", "http"], "a listener", gateway.listeners?.http);
  if (!isDnsLabel(gateway.namespace))
    problem(
      ["gateway", "namespace"],
      `${shown(gateway.namespace)} is no namespace name`,
      "use a-z, 0-9 and -, at most 63",
    );
  if (gateway.class !== undefined && gateway.listeners !== undefined)
    problem(
      ["gateway", "listeners"],
      "listeners are named for a Gateway that is made here",
      "leave them out",
    );
  if (gateway.class === undefined && edge.routes === "gateway") {
    if (gateway.listeners === undefined)
      problem(
        ["gateway", "listeners"],
        "the Gateway is there already, and none of its listeners is named",
        "write listeners: { https: NAME, http: NAME }, or class to have it made",
      );
    if (edge.issuer !== undefined && !edge.allowLoss)
      problem(
        ["issuer"],
        `the certificates of Gateway ${gateway.name} are its owner's`,
        "leave issuer out, or give gateway.class",
      );
  }
  if (gateway.secrets === "with-app" && edge.certificates === "annotation" && edge.issuer !== undefined)
    problem(
      ["gateway", "secrets"],
      "cert-manager makes certificates for a Gateway in the Gateway's namespace only",
      'write certificates: "explicit", or secrets: "with-gateway"',
    );
  return problems;
}

/** What is wrong with one exposure; `path` is within the app. */
export function exposureProblems(exposure: Exposure, edge: EdgeIntent): IntentProblem[] {
  const { name, host, path, tls, clearHeaders, bodySize, bufferSize, ca } = exposure;
  const problems: IntentProblem[] = [];
  const problem = (at: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path: at, message, hint });
  if (!isDnsLabel(name) || name.length > 48)
    problem([], `${shown(name)} is no name of an app`, "use a-z, 0-9 and -, at most 48");
  if (!isHost(host))
    problem(
      ["host"],
      `${shown(host)} is no host`,
      "write a name in lower case: wiki.strix.kr, or *.strix.kr",
    );
  else if (edge.routes === "gateway" && !isDnsSubdomain(httpsListener(host)))
    problem(["host"], "the host is too long for the name of its listener", "use at most 238 characters");
  if (!isPath(path))
    problem(
      ["path"],
      `${shown(path)} is no path`,
      "begin with /, use letters, digits, . _ - and /, without // and ..",
    );
  const secret = typeof tls === "string" ? tls : undefined;
  if (secret !== undefined && !isDnsSubdomain(secret))
    problem(["tls"], `${shown(secret)} is no name of a Secret`, "use a-z, 0-9, - and ., at most 253");
  if (tls === undefined && isHost(host) && !isDnsSubdomain(secretOf(exposure)!))
    problem(["tls"], "the host gives no name of a Secret", "write tls: NAME");
  if (clearHeaders.length > MOST_HEADERS)
    problem(["clearHeaders"], `${clearHeaders.length} headers are more than ${MOST_HEADERS}`, "clear fewer");
  else
    clearHeaders.forEach((header, i) => {
      const twice = clearHeaders.findIndex((other) => other.toLowerCase() === header.toLowerCase()) < i;
      if (!isHeaderName(header) || twice)
        problem(
          ["clearHeaders", i],
          `${shown(header)} is no name of a header, or there twice`,
          "write letters, digits and -, each header once",
        );
    });
  for (const [key, size] of [
    ["bodySize", bodySize],
    ["bufferSize", bufferSize],
  ] as const)
    if (size !== undefined && !isSize(size))
      problem([key], `${shown(size)} is no size`, "write digits and k, m or g: 50m");
  problems.push(...authorityProblems(ca, exposure.target), ...impossibilitiesOf(exposure, edge));
  if (!edge.allowLoss)
    for (const { path: at, message, hint } of lossesOf(exposure, edge))
      problem(at, message, `${hint}; or write allowLoss: true to do without`);
  return problems;
}

/** What is wrong with exposures beside each other; the index is that of the exposure. */
export function sharingProblems(
  exposures: readonly Exposure[],
  edge: EdgeIntent,
): { readonly index: number; readonly problem: IntentProblem }[] {
  const found: { index: number; problem: IntentProblem }[] = [];
  const routes = new Map<string, string>();
  const redirects = new Set(exposures.map(({ name }) => `${name}-redirect`));
  const secrets = new Map<string, Exposure>();
  const listeners = new Map<string, string>();
  exposures.forEach((exposure, index) => {
    const { host, path, name, target } = exposure;
    const other = routes.get(`${host}${path}`);
    if (other !== undefined)
      found.push({
        index,
        problem: {
          path: ["host"],
          message: `${host}${path} is that of ${other} already`,
          hint: "give it another path or host",
        },
      });
    routes.set(`${host}${path}`, name);
    if (edge.routes === "gateway" && redirects.has(name))
      found.push({
        index,
        problem: {
          path: [],
          message: `${name} is the name of the redirect of ${name.replace(/-redirect$/, "")}`,
          hint: "take another name",
        },
      });
    const secret = secretOf(exposure);
    if (secret === undefined) return;
    if (edge.routes === "gateway") {
      const shownSecret = listeners.get(host) ?? secret;
      listeners.set(host, shownSecret);
      if (shownSecret !== secret)
        found.push({
          index,
          problem: {
            path: ["tls"],
            message: `${host} has the certificate of Secret ${shownSecret} already: a Gateway has one for a host`,
            hint: "write the same Secret",
          },
        });
      return;
    }
    const key = `${target.namespace}/${secret}`;
    const owner = secrets.get(key);
    if (owner !== undefined && owner.host !== host)
      found.push({
        index,
        problem: {
          path: ["tls"],
          message: `Secret ${key} is the certificate of ${owner.host} already`,
          hint: "give each host a Secret of its own",
        },
      });
    else secrets.set(key, exposure);
  });
  const hosts = new Set(exposures.map(({ host }) => host)).size;
  if (edge.routes === "gateway" && edge.gateway?.class !== undefined && hosts >= MOST_LISTENERS)
    found.push({
      index: exposures.length - 1,
      problem: {
        path: ["host"],
        message: `${hosts} hosts are more than the ${MOST_LISTENERS - 1} that one Gateway has room for`,
        hint: "use a wildcard host, or a second Gateway",
      },
    });
  return found;
}
