import { fieldsOf, listOf, type Resource, textOf } from "@ashlar/core";
import { type ProxyLogin, proxyLogins, type RequiresLoginClaim, type RoutesModel } from "@ashlar/ingress";
import { type Answered, all, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";
import { answeredByDefault } from "./default-backend.ts";
import { discover } from "./discovery.ts";
import { answerText, failed, locationText, urlOptions } from "./hosts.ts";
import { type AskUrlOptions, askUrl, placeOf, redirectOf, type UrlResponse } from "./https.ts";

/** What a login looks like that the platform has in mind. */
export interface ExpectedLogin {
  readonly issuer: string;
  /** Where the issuer sends people to log in; absent: its discovery could not be read. */
  readonly endpoint?: string;
  readonly client?: string;
  readonly redirectUri?: string;
}

/** Asks whether a URL demands a login: at itself, below it, and at each path that the platform routes there. */
export function loginAsker(
  asking: Asking,
  model: RoutesModel,
): (claim: RequiresLoginClaim) => Promise<Answered> {
  const options = urlOptions(asking);
  const logins = proxyLogins(model);
  return async (claim) => {
    const expected = await expectedLogin(claim.url, logins, asking, options);
    const urls = urlsOf(claim.url, asking.set.resources);
    const answers = await Promise.all(urls.map((url) => askLogin(url, expected, options)));
    const asked = urls.map((url) => `GET ${url}`).join(", ");
    const answered = answers.filter((answer) => answer !== undefined);
    if (answered.length === 0) return unknown(asked, "nobody serves it, so that no login is asked for");
    const whole = all(asked, answered);
    if (whole.outcome !== "held" || claim.groups === undefined) return whole;
    const groups = claim.groups.join(", ");
    const because = `a login is demanded; that ${groups} alone pass is not seen without logging in`;
    return unknown(asked, because, [...whole.evidence, "ashlar check proves it from the proxy's flags"]);
  };
}

async function expectedLogin(
  url: string,
  logins: readonly ProxyLogin[],
  { platform }: Asking,
  options: AskUrlOptions,
): Promise<ExpectedLogin | undefined> {
  const { host } = new URL(url);
  const own = logins.find(({ redirectUri }) => new URL(redirectUri).host === host);
  const issuer = own?.issuer ?? platform.oidc?.issuer;
  if (issuer === undefined) return undefined;
  const found = await discover(issuer, options);
  return {
    issuer,
    ...("problem" in found ? {} : { endpoint: found.authorizationEndpoint }),
    ...(own && { client: own.client, redirectUri: own.redirectUri }),
  };
}

/** The URL, a path below it that nobody has, and those of the Ingresses for its host. */
export function urlsOf(url: string, resources: readonly Resource[]): string[] {
  const { origin, hostname, pathname } = new URL(url);
  const below = pathname.endsWith("/") ? pathname : `${pathname}/`;
  const routed = resources
    .filter(({ kind }) => kind === "Ingress")
    .flatMap(({ spec }) => listOf(fieldsOf(spec).rules).map(fieldsOf))
    .filter(({ host }) => host === hostname)
    .flatMap(({ http }) => listOf(fieldsOf(http).paths).map((path) => textOf(fieldsOf(path).path)))
    .filter((path) => /^\/[\w./~-]*$/.test(path) && (path === pathname || path.startsWith(below)));
  const paths = [pathname, ...routed, `${below}any-other`];
  return [...new Set(paths)].map((path) => `${origin}${path}`);
}

/** Proxies refuse programs by a code, and send people to the login. */
const BROWSER = { accept: "text/html,*/*;q=0.8" };
/** Redirects on the host itself that are followed, to where its login begins. */
const MOST_REDIRECTS = 5;

/** `undefined`: nobody serves the URL, so that there is nothing to guard. */
async function askLogin(
  url: string,
  expected: ExpectedLogin | undefined,
  options: AskUrlOptions,
): Promise<Answered | undefined> {
  const asked = `GET ${url}`;
  let at = url;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await askUrl({ url: at, headers: BROWSER }, options);
    if ("failure" in answer) return failed(asked, answer);
    const next = nextOf(answer, at);
    if (next === undefined) return judgeRefusal(asked, at, answer, expected, options);
    if (new URL(next).host !== new URL(url).host) return judgeRedirect(asked, next, url, expected);
    at = next;
  }
  return unknown(asked, `more than ${MOST_REDIRECTS} redirects on the host itself`);
}

/** Where an answer leads: its redirect, or the button of a sign-in page that is shown with 401 or 403. */
function nextOf(answer: UrlResponse, at: string): string | undefined {
  const { status, body } = answer;
  const button = status === 401 || status === 403 ? START.exec(body)?.[1] : undefined;
  return placeOf(button, at) ?? redirectOf(answer, at);
}

/** The form of oauth2-proxy's sign-in page. */
const START = /<form[^>]*action="([^"]*\/oauth2\/start)"/;

async function judgeRefusal(
  asked: string,
  at: string,
  answer: UrlResponse,
  expected: ExpectedLogin | undefined,
  options: AskUrlOptions,
): Promise<Answered | undefined> {
  const { status, headers } = answer;
  const text = answerText(answer);
  if (status === 401 || status === 403) {
    const begun = await askStart(asked, at, expected, options);
    if (begun !== undefined) return begun;
    const scheme = headers["www-authenticate"]?.split(/[\s,]/)[0];
    if (status === 401 && scheme !== undefined && expected?.client === undefined)
      return held(asked, [`${text}; it asks for ${scheme}`]);
    return unknown(asked, "it is refused, and whether a login would let in is not shown", [text]);
  }
  if ((await answeredByDefault(at, answer, options)) !== undefined) return undefined;
  if (status >= 500 || (status >= 300 && status < 400)) return unknown(asked, `it answers ${status}`, [text]);
  return broken(asked, `${locationText(at)} answers ${status} without a login`, [text]);
}

/** Where the login of a proxy begins, by where it comes back to. */
const STARTS: ReadonlyMap<string, string> = new Map([
  ["/oauth2/callback", "/oauth2/start"],
  ["/oauth/callback", "/oauth/authorize"],
]);

/** What a proxy that refuses does with who wants to log in. */
async function askStart(
  asked: string,
  at: string,
  expected: ExpectedLogin | undefined,
  options: AskUrlOptions,
): Promise<Answered | undefined> {
  const start = STARTS.get(new URL(expected?.redirectUri ?? at).pathname);
  if (start === undefined) return undefined;
  const url = new URL(start, at).href;
  const answer = await askUrl({ url, headers: BROWSER }, options);
  const next = "failure" in answer ? undefined : nextOf(answer, url);
  if (next === undefined || new URL(next).host === new URL(url).host) return undefined;
  return judgeRedirect(`${asked}, which is refused; GET ${url}`, next, at, expected);
}

/** Holds a redirect to another host against the login that is expected there. */
export function judgeRedirect(
  asked: string,
  location: string,
  url: string,
  expected: ExpectedLogin | undefined,
): Answered {
  const to = new URL(location);
  const param = (name: string) => to.searchParams.get(name) ?? "";
  const place = locationText(location) ?? "";
  const evidence = `redirect to ${place}, client_id ${param("client_id") || "none"}, redirect_uri ${locationText(param("redirect_uri")) || "none"}`;
  const wrong = (because: string) => broken(asked, because, [evidence]);
  const looksLikeLogin =
    param("response_type") !== "" && param("client_id") !== "" && param("redirect_uri") !== "";
  if (expected === undefined) {
    if (!looksLikeLogin)
      return unknown(asked, "it leads to another host, and not to a login that can be told", [evidence]);
  } else if (
    expected.endpoint === undefined
      ? !isBelow(location, expected.issuer)
      : place !== locationText(expected.endpoint)
  )
    return wrong(`it does not lead to the login of ${expected.issuer}`);
  if (!looksLikeLogin)
    return wrong("the redirect asks for no login: response_type, client_id or redirect_uri is missing");
  if (expected?.client !== undefined && param("client_id") !== expected.client)
    return wrong(`the login is for client ${param("client_id")}, expected ${expected.client}`);
  if (expected?.redirectUri !== undefined && param("redirect_uri") !== expected.redirectUri)
    return wrong(
      `the login comes back to ${locationText(param("redirect_uri"))}, expected ${expected.redirectUri}`,
    );
  const back = param("redirect_uri");
  if (!URL.canParse(back) || new URL(back).host !== new URL(url).host)
    return wrong(`the login comes back to another host: ${locationText(back)}`);
  const by =
    expected !== undefined && expected.endpoint === undefined
      ? ["the issuer's discovery could not be read"]
      : [];
  return held(asked, [evidence, ...by]);
}

function isBelow(url: string, base: string): boolean {
  return url.startsWith(base.endsWith("/") ? base : `${base}/`);
}
