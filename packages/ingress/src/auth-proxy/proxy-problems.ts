import { type IntentProblem, imageProblem, isDnsLabel, isLabelKey, isLabelValue } from "@ashlar/core";
import { authorityProblems } from "../app/authority.ts";
import { isCidr, isGroup, isIssuerUrl, shown } from "../app/words.ts";
import { isKeycloak } from "./arguments.ts";
import type { ProxyApp } from "./proxy-app.ts";
import type { ProxySettings } from "./settings.ts";

/** What is wrong with the settings that proxies share; `path` is within them. */
export function settingsProblems(settings: ProxySettings): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  if (!isIssuerUrl(settings.issuer))
    problem(
      ["issuer"],
      `${shown(settings.issuer)} is no issuer`,
      "write its https URL, with no query: https://iam.k8s.strix.kr/realms/master",
    );
  else if (settings.flavour === "gatekeeper" && !isKeycloak(settings.issuer))
    problem(
      ["issuer"],
      "gatekeeper needs a realm of Keycloak, whose URL ends in /realms/NAME",
      "use oauth2-proxy",
    );
  if (!isClientId(settings.clientId))
    problem(["clientId"], `${shown(settings.clientId)} is no client's name`, CLIENT_HINT);
  const image = settings.image === undefined ? undefined : imageProblem(settings.image);
  if (image !== undefined) problem(["image"], image.message, image.hint);
  if (settings.trustedProxies.length === 0)
    problem(
      ["trustedProxies"],
      "nobody is named, and the proxy would then believe everybody's X-Forwarded headers",
      "name the addresses of the ingress controller's pods",
    );
  for (const key of ["trustedProxies", "apiServer"] as const)
    settings[key]?.forEach((cidr, i) => {
      if (!isCidr(cidr)) problem([key, i], `${shown(cidr)} is no address block`, "write 10.0.0.0/16");
      else if (cidr.endsWith("/0"))
        problem(
          [key, i],
          `${cidr} is every address`,
          "name the addresses of the controller or the API server",
        );
    });
  return problems;
}

const CLIENT_HINT = "use letters, digits and . _ : / @ -";

export function isClientId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,252}$/.test(text);
}

/** Where an intent has what a proxy needs; paths are within the app. */
export interface ProxyPlaces {
  readonly groups: PropertyKey;
  readonly pods: readonly PropertyKey[];
  readonly apiServer: readonly PropertyKey[];
  /** Where to write the labels of the pods. */
  readonly podsHint: string;
}

/** What is wrong with one proxy; `path` is within the app. */
export function proxyProblems(app: ProxyApp, places: ProxyPlaces): IntentProblem[] {
  const problems: IntentProblem[] = [];
  const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
    void problems.push({ path, message, hint });
  const { groups, upstream, ca, host, pods } = app;
  if (!isClientId(app.clientId))
    problem(["clientId"], `${shown(app.clientId)} is no client's name`, CLIENT_HINT);
  if (!isDnsLabel(app.namespace))
    problem(["namespace"], `${shown(app.namespace)} is no namespace name`, "use a-z, 0-9 and -, at most 63");
  if (host.startsWith("*."))
    problem(["host"], "a login comes back to one host, not to a wildcard", "name the host");
  if (groups !== "any") {
    if (groups.length === 0)
      problem([places.groups], "no group is named, so nobody could log in", 'name a group, or write "any"');
    groups.forEach((group, i) => {
      if (!isGroup(group))
        problem(
          [places.groups, i],
          `${shown(group)} cannot be told to the proxy as one group`,
          "use letters, digits and _ / : @ . + -",
        );
    });
  }
  if (upstream.scheme === "https" && ca === undefined)
    problem(
      ["ca"],
      `nobody says who signs the certificate of ${upstream.namespace}/${upstream.service}`,
      "write ca: { configMap: NAME } with the key ca.crt, or ca: false to send logins to whoever answers",
    );
  problems.push(...authorityProblems(ca, upstream));
  if (app.bypass) return problems;
  if (pods === undefined || Object.keys(pods).length === 0)
    problem(
      places.pods,
      `the pods of ${upstream.namespace}/${upstream.service} are not known, so the way around the login cannot be closed`,
      `${places.podsHint}, or write bypass: true`,
    );
  else if (!Object.entries(pods).every(([key, value]) => isLabelKey(key) && isLabelValue(value)))
    problem(places.pods, "the labels of the pods are none", "write them as the pods have them");
  if (app.apiServer === undefined)
    problem(
      places.apiServer,
      "nobody says where the API servers are, so kubectl proxy would be shut out with everybody else",
      "write apiServer: [CIDR] beside the issuer of logins ([] shuts it out), or bypass: true",
    );
  return problems;
}
