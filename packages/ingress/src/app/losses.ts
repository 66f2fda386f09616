import type { IntentProblem } from "@ashlar/core";
import type { EdgeIntent } from "./edge-fields.ts";
import type { Exposure } from "./exposure.ts";

/** What would not work at all, loss allowed or not: a Gateway speaks TLS to a Service only with an authority to check it by. */
export function impossibilitiesOf(exposure: Exposure, edge: EdgeIntent): IntentProblem[] {
  const { ca, target } = exposure;
  if (edge.routes === "ingress" || target.scheme === "http" || (ca !== undefined && ca !== false)) return [];
  const message = "a Gateway speaks TLS to a Service only where it can check the certificate";
  return [
    { path: ["ca"], message, hint: 'write ca: { configMap: NAME }, with the key ca.crt, or ca: "system"' },
  ];
}

/** What an app asks of its edge and the edge cannot do; `path` is within the app. */
export function lossesOf(exposure: Exposure, edge: EdgeIntent): IntentProblem[] {
  return edge.routes === "gateway" ? gatewayLosses(exposure, edge) : ingressLosses(exposure, edge);
}

function ingressLosses(exposure: Exposure, edge: EdgeIntent): IntentProblem[] {
  const { clearHeaders, timeouts, ca, target } = exposure;
  const isNginx = edge.controller === "ingress-nginx";
  const losses: IntentProblem[] = [];
  const lose = (path: readonly PropertyKey[], message: string, hint: string) =>
    void losses.push({ path, message, hint });
  if (clearHeaders.length > 0 && !isNginx)
    lose(
      ["clearHeaders"],
      "an Ingress of Traefik cannot clear the headers of requests (it leaves out an Ingress with a snippet)",
      'write routes: "gateway"',
    );
  else if (clearHeaders.length > 0 && !edge.unsafeSnippets)
    lose(
      ["clearHeaders"],
      "ingress-nginx clears the headers of requests only by a snippet, which its controller refuses by default since 1.9",
      'write routes: "gateway", or unsafeSnippets: true with allow-snippet-annotations at the controller',
    );
  if (timeouts.request !== undefined)
    lose(["timeouts", "request"], "an Ingress limits no request as a whole", "write timeouts.read");
  for (const key of ["read", "send"] as const)
    if (timeouts[key] !== undefined && !isNginx)
      lose(
        ["timeouts", key],
        `Traefik does not read proxy-${key}-timeout`,
        "set the timeouts of its entry point, and leave this out",
      );
  if (exposure.bufferSize !== undefined && !isNginx)
    lose(["bufferSize"], "Traefik does not read proxy-buffer-size, and needs none", "leave it out");
  if (target.scheme === "https" && (ca === "system" || (typeof ca === "object" && "configMap" in ca)))
    lose(
      ["ca"],
      "ingress-nginx and Traefik take the authority of a backend from a Secret only (proxy-ssl-secret)",
      "write ca: { secret: NAME }, a Secret with the key ca.crt",
    );
  return losses;
}

function gatewayLosses(exposure: Exposure, edge: EdgeIntent): IntentProblem[] {
  const { timeouts, ca, target, bodySize, bufferSize, tls } = exposure;
  const { gateway } = edge;
  const losses: IntentProblem[] = [];
  const lose = (path: readonly PropertyKey[], message: string, hint: string) =>
    void losses.push({ path, message, hint });
  if (bodySize !== undefined)
    lose(
      ["bodySize"],
      "an HTTPRoute has no limit for bodies",
      "use a policy of the Gateway's own, and leave this out",
    );
  if (bufferSize !== undefined)
    lose(
      ["bufferSize"],
      "an HTTPRoute has no size of buffers",
      "use a policy of the Gateway's own, and leave this out",
    );
  for (const key of ["connect", "read", "send"] as const)
    if (timeouts[key] !== undefined)
      lose(
        ["timeouts", key],
        `an HTTPRoute has no ${key} timeout, only one for the whole request`,
        "write timeouts.request, which cuts long answers off too",
      );
  if (target.scheme === "https" && typeof ca === "object" && "secret" in ca)
    lose(
      ["ca"],
      "a BackendTLSPolicy takes its authority from a ConfigMap; a Secret is not for every Gateway",
      "write ca: { configMap: NAME }, with the key ca.crt",
    );
  if (gateway !== undefined && gateway.class === undefined) {
    if (typeof tls === "string")
      lose(
        ["tls"],
        `the certificates of Gateway ${gateway.name} are its owner's`,
        "leave tls out, or give gateway.class",
      );
    if (exposure.redirect && tls !== false && gateway.listeners?.http === undefined)
      lose(
        ["redirect"],
        `no listener of Gateway ${gateway.name} for http is named`,
        "name it in gateway.listeners.http, or write redirect: false",
      );
  }
  return losses;
}
