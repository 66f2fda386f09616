import type { ServesClaim } from "@ashlar/ingress";
import { type Answered, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";
import { answeredByDefault } from "./default-backend.ts";
import {
  type AskUrlOptions,
  askUrl,
  redirectOf,
  type UrlAnswer,
  type UrlFailure,
  type UrlResponse,
} from "./https.ts";

/** How URLs of a platform are asked. */
export function urlOptions({ options }: Pick<Asking, "options">): AskUrlOptions {
  const { hosts = {}, signal } = options;
  return { ...hosts, ...(signal && { signal }) };
}

/** Asks whether a URL is served, from where this program runs. */
export async function askServes(claim: ServesClaim, options: AskUrlOptions): Promise<Answered> {
  const { url, expect } = claim;
  const answer = await askUrl({ url }, options);
  const asked = `GET ${url}`;
  if (expect === "no") return judgeDenial(claim, answer, options);
  if ("failure" in answer) return failed(asked, answer);
  const nobody = await answeredByDefault(url, answer, options);
  if (nobody !== undefined) return broken(asked, "nobody serves it", [nobody]);
  if (answer.status >= 500) return broken(asked, `it answers ${answer.status}`);
  const loop = await loopOf(url, answer, options);
  if (loop !== undefined) return broken(asked, loop, [answerText(answer)]);
  const of = claim.service === undefined ? [] : ["which Service answered is not seen from outside"];
  return held(asked, [answerText(answer), ...of]);
}

/** As many as browsers follow. */
const MOST_REDIRECTS = 20;

/**
 * Why the redirects of a host on itself never end; `undefined`: they do, or lead where it is not asked. The cookies that it sets on
 * the way are sent back, as browsers do: a page that wants one redirects to itself once.
 */
async function loopOf(url: string, first: UrlResponse, options: AskUrlOptions): Promise<string | undefined> {
  const { href, hostname, protocol } = new URL(url);
  const cookies = new Map<string, string>();
  const seen = new Set([`${href} `]);
  let [at, answer] = [href, first];
  for (let hops = 0; hops < MOST_REDIRECTS; hops++) {
    const next = redirectOf(answer, at);
    if (next === undefined || new URL(next).hostname !== hostname) return undefined;
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    const isSame = new URL(next).protocol === protocol;
    const cookie = isSame ? [...cookies].map((pair) => pair.join("=")).join("; ") : "";
    if (seen.has(`${next} ${cookie}`)) return `it redirects to itself for ever, by ${locationText(next)}`;
    seen.add(`${next} ${cookie}`);
    const given = await askUrl({ url: next, headers: cookie === "" ? {} : { cookie } }, options);
    if ("failure" in given) return undefined;
    [at, answer] = [next, given];
  }
  return `more than ${MOST_REDIRECTS} redirects on the host itself`;
}

async function judgeDenial(
  { url, service }: ServesClaim,
  answer: UrlAnswer,
  options: AskUrlOptions,
): Promise<Answered> {
  const asked = `GET ${url}`;
  if ("failure" in answer) {
    if (answer.failure === "refused") return held(asked, [answer.text]);
    // Without a certificate for it the host is still routed, to who does not mind; an app that fails closes connections too.
    return unknown(asked, answer.text, hintFor(answer));
  }
  const nobody = await answeredByDefault(url, answer, options);
  if (nobody !== undefined) return held(asked, [nobody]);
  if (service !== undefined)
    return unknown(asked, "something answers, and which Service is not seen from outside", [
      answerText(answer),
    ]);
  return broken(asked, "something answers", [answerText(answer)]);
}

/** Of a URL that did not answer: whether that breaks what is promised of it. */
export function failed(asked: string, { failure, text }: UrlFailure): Answered {
  const evidence = hintFor({ failure, text });
  if (failure === "nowhere" || failure === "silent") return unknown(asked, text, evidence);
  return broken(asked, text, evidence);
}

/** What to tell the command so that it can ask. */
function hintFor({ failure, text }: UrlFailure): string[] {
  if (failure === "nowhere") return ["where it is can be told by --resolve HOST:PORT:ADDRESS"];
  return failure === "certificate" && /authority|itself/.test(text)
    ? ["an authority of your own is trusted by --certificate-authority FILE"]
    : [];
}

/** Status, target and certificate of an answer; nothing of its body. */
export function answerText({ status, headers, certificate }: UrlResponse): string {
  const to = locationText(headers.location);
  return [
    String(status),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(certificate ? [certificate] : []),
  ].join("; ");
}

const ANY = "http://any.invalid";

/** Where a location leads, without what may be a secret in it: user and password, query and fragment. */
export function locationText(location: string | undefined): string | undefined {
  if (location === undefined || location === "") return location;
  const isWhole = URL.canParse(location);
  if (!isWhole && !URL.canParse(location, ANY)) return "what is no URL";
  const { protocol, host, pathname, username, password } = new URL(location, ANY);
  // What other schemes hold has no parts that are known.
  if (!/^https?:$/.test(protocol)) return `${protocol}…`;
  const isPath = !isWhole && `http://${host}${username}${password}` === ANY;
  const place = isPath ? location.split(/[?#]/)[0] : `${isWhole ? protocol : ""}//${host}${pathname}`;
  return place?.slice(0, 200);
}
