import type { RoutesModel } from "./model.ts";
import { resolveUrl } from "./resolve.ts";
import { type SampleUrl, sampleUrls } from "./samples.ts";
import { backendText, groupsText } from "./trace.ts";
import type { UrlVerdict } from "./verdict.ts";

/** What a change of the set means for URLs. */
export type RouteChangeKind =
  | "added"
  | "removed"
  | "backend"
  | "gained-tls"
  | "lost-tls"
  | "gained-login"
  | "lost-login"
  | "login"
  | "breaks"
  | "mended"
  | "redirect"
  | "unknown";

/** URLs that are answered in another way than before. */
export interface RouteChange {
  readonly change: RouteChangeKind;
  /** The URLs that stand for those that changed so; a star stands for any label. */
  readonly urls: readonly string[];
  /** The verdicts of the first URL. */
  readonly before: UrlVerdict;
  readonly after: UrlVerdict;
}

/**
 * What differs between two sets in who answers URLs: one change for each kind and pair of answers, the URLs together. Every
 * route of both sets is asked; `any-other` in a path stands for any element.
 *
 * @example routesDiff(before, after).map(formatRouteChange); // ["https://logs.k8s.strix.kr/ no longer asks for a login"]
 */
export function routesDiff(before: RoutesModel, after: RoutesModel): RouteChange[] {
  const samples = new Map<string, SampleUrl>();
  for (const sample of [...sampleUrls(before), ...sampleUrls(after)])
    samples.set(`${sample.method} ${sample.text} ${JSON.stringify(sample.headers)}`, sample);
  const changes = new Map<string, RouteChange & { readonly urls: string[] }>();
  for (const sample of samples.values()) {
    const [old, now] = [resolveUrl(before, sample), resolveUrl(after, sample)];
    for (const change of changesBetween(old, now)) {
      const key = JSON.stringify([change, sample.scheme, sample.host, summary(old), summary(now)]);
      const known = changes.get(key);
      if (known) known.urls.push(sample.text);
      else changes.set(key, { change, urls: [sample.text], before: old, after: now });
    }
  }
  return [...changes.values()].sort((a, b) => rank(a) - rank(b) || compare(a.urls[0]!, b.urls[0]!));
}

/** One sentence for people. */
export function formatRouteChange({ change, urls, before, after }: RouteChange): string {
  const more = urls.length === 1 ? "" : ` (and ${urls.length - 1} more)`;
  return `${urls[0]}${more} ${SENTENCES[change](before, after)}`;
}

const SENTENCES: Readonly<Record<RouteChangeKind, (before: UrlVerdict, after: UrlVerdict) => string>> = {
  added: (_, after) => `is new: ${after.text}`,
  removed: (before) => `is gone: before, ${before.text}`,
  backend: (before, after) => `goes to ${ends(after)} instead of ${ends(before)}`,
  "gained-tls": (_, { tls }) =>
    tls?.found
      ? `has a certificate now (${tls.secret})`
      : `shows the certificate of Secret ${tls?.secret} now, which is not known`,
  "lost-tls": (before) => `has no certificate any more (it was ${before.tls?.secret})`,
  "gained-login": (_, after) => `asks for a login now${after.auth ? groupsText(after.auth) : ""}`,
  "lost-login": () => "no longer asks for a login",
  login: (before, after) => `lets in ${whom(after)} instead of ${whom(before)}`,
  breaks: (_, after) => `breaks: ${after.text}`,
  mended: (before, after) => `works again: ${after.text}; before, ${before.text}`,
  redirect: (before, after) => `${after.text}; before, ${before.text}`,
  unknown: (before, after) =>
    after.outcome === "unknown" ? `is ${after.text}; before, ${before.text}` : `is known now: ${after.text}`,
};

/** What somebody should look at first comes first. */
const ORDER: readonly RouteChangeKind[] = ["lost-login", "login", "lost-tls", "removed", "breaks", "backend"];

function rank({ change }: RouteChange): number {
  const index = ORDER.indexOf(change);
  return index < 0 ? ORDER.length : index;
}

function changesBetween(before: UrlVerdict, after: UrlVerdict): RouteChangeKind[] {
  if (before.outcome === "not-found") return after.outcome === "not-found" ? [] : ["added"];
  if (after.outcome === "not-found") return ["removed"];
  const found: RouteChangeKind[] = [];
  const knownLogins = !before.missing.includes("login") && !after.missing.includes("login");
  const passes = (verdict: UrlVerdict) => verdict.location === undefined;
  if (passes(before) && passes(after) && knownLogins) {
    if (before.auth && !after.auth) found.push("lost-login");
    else if (!before.auth && after.auth) found.push("gained-login");
    else if (before.auth && after.auth && whom(before) !== whom(after)) found.push("login");
  }
  // Where the Secret is missing and nothing makes it, there is no certificate: the URL breaks, or works again.
  const isShown = ({ tls, outcome }: UrlVerdict) => tls?.found === true || outcome !== "broken";
  if (before.tls && !after.tls && isShown(before)) found.push("lost-tls");
  if (!before.tls && after.tls && isShown(after)) found.push("gained-tls");
  if (before.location !== after.location) found.push("redirect");
  else if (ends(before) !== ends(after)) found.push("backend");
  const [was, is] = [before.outcome, after.outcome];
  if (was !== is && is === "broken") found.push("breaks");
  else if (was === "broken" && is !== "broken") found.push("mended");
  else if (was !== is && (was === "unknown" || is === "unknown") && found.length === 0) found.push("unknown");
  return found;
}

function ends({ backends, location }: UrlVerdict): string {
  if (location !== undefined) return location;
  return backends.length === 0 ? "nothing" : backends.map(backendText).join(" and then ");
}

function whom({ auth }: UrlVerdict): string {
  return auth?.groups === undefined ? "everybody who can log in" : [...auth.groups].sort().join(" and ");
}

/** What the change is about, without what differs from URL to URL. */
function summary(verdict: UrlVerdict): unknown {
  const location = verdict.location?.replace(/^([a-z]+:\/\/[^/]*).*/, "$1");
  return [verdict.outcome, location ?? ends(verdict), verdict.auth && whom(verdict), verdict.tls?.secret];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
