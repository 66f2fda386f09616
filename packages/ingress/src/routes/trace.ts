import { formatRef, type Place, type Resource, type ResourceRef } from "@ashlar/core";
import type { RouteSet } from "./route-set.ts";
import { refIn } from "./route-set.ts";
import type {
  UrlBackend,
  UrlBreak,
  UrlLogin,
  UrlRoute,
  UrlStep,
  UrlStepKind,
  UrlTls,
  UrlVerdict,
} from "./verdict.ts";

/** What a walk has found so far. */
export interface Trace {
  readonly set: RouteSet;
  readonly steps: UrlStep[];
  readonly backends: UrlBackend[];
  /** Facts that are not there; the first is named. */
  readonly missing: (UrlBreak & { readonly what: UrlStepKind })[];
  route?: UrlRoute;
  broken?: UrlBreak;
  login?: UrlLogin;
  tls?: UrlTls;
  location?: string;
  isLoginPage?: true;
  /** Another path of the same route, or another host, may get another answer. */
  isOwn: boolean;
}

export function startTrace(set: RouteSet): Trace {
  return { set, steps: [], backends: [], missing: [], isOwn: false };
}

/** Notes a step, with the object and the field that it is read from. */
export function step(trace: Trace, what: UrlStepKind, text: string, resource?: Resource, path = ""): void {
  trace.steps.push({ what, text, ...about(trace, resource, path) });
}

/** Notes that a fact is missing: the verdict is `unknown`, unless it breaks for certain. */
export function miss(trace: Trace, what: UrlStepKind, text: string, resource?: Resource, path = ""): void {
  step(trace, what, text, resource, path);
  trace.missing.push({ what, text, ...about(trace, resource, path) });
}

/** Notes where the way ends. The first break counts. */
export function breaks(trace: Trace, what: UrlStepKind, text: string, resource?: Resource, path = ""): void {
  step(trace, what, text, resource, path);
  trace.broken ??= { text, ...about(trace, resource, path) };
}

/** The verdict of a walk that has come to its end. */
export function finish(trace: Trace): UrlVerdict {
  const { steps, backends, missing, route, broken, login, tls, location } = trace;
  const backend = location === undefined ? backends.at(-1) : undefined;
  const stop = broken ?? (missing[0] && withoutKind(missing[0]));
  const common = {
    steps,
    backends,
    missing: missing.map(({ what }) => what),
    ...(route && { route }),
    ...(backend && { backend }),
    ...(tls && { tls }),
    ...(login && { auth: login }),
    ...(trace.isLoginPage && { isLoginPage: true as const }),
    ...(stop && { break: stop }),
  };
  if (broken) return { outcome: "broken", text: broken.text, ...common };
  if (stop) return { outcome: "unknown", text: `not known: ${stop.text}`, ...common };
  if (location !== undefined)
    return { outcome: "redirect", text: `redirects to ${location}`, location, ...common };
  const to = backend === undefined ? "the edge" : backendText(backend);
  if (login === undefined) return { outcome: "served", text: `${to} answers`, ...common };
  return { outcome: "login", text: `${to} answers after a login${groupsText(login)}`, ...common };
}

function withoutKind({ text, ref, at }: UrlBreak): UrlBreak {
  return { text, ...(ref && { ref }), ...(at && { at }) };
}

/** ` of a or b`; empty where everybody passes who can log in. */
export function groupsText({ groups }: UrlLogin): string {
  return groups === undefined || groups.length === 0 ? "" : ` of ${groups.join(" or ")}`;
}

/** `default/kibana:443` */
export function backendText({ service, port, externalName }: UrlBackend): string {
  const name = `${service.namespace === undefined ? "" : `${service.namespace}/`}${service.name}`;
  const to = port === undefined ? name : `${name}:${port}`;
  return externalName === undefined ? to : `${to} (${externalName})`;
}

/** `Service default/kibana` */
export function title(set: RouteSet, resource: Resource): string {
  return formatRef(refIn(set, resource));
}

function about(
  { set }: Trace,
  resource: Resource | undefined,
  path: string,
): { readonly ref?: ResourceRef; readonly at?: Place } {
  if (resource === undefined) return {};
  const at = set.locate?.(resource, path);
  return { ref: refIn(set, resource), ...(at && { at }) };
}
