import { fieldsOf, isRecord, listOf, textOf } from "@ashlar/core";
import { type Answered, broken, held, unknown } from "./answer.ts";
import { failed, locationText } from "./hosts.ts";
import { type AskUrlOptions, askUrl, redirectOf, type UrlFailure } from "./https.ts";

/** What an issuer tells of itself. */
export interface Discovered {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly keysUrl: string;
}

type Problem = {
  readonly problem: string;
  readonly failure?: UrlFailure;
  /** An API server may be able to read it. */
  readonly isOpen?: boolean;
};

const PATH = "/.well-known/openid-configuration";

/** Reads the discovery document of an issuer; what it says is not judged. */
export async function discover(issuer: string, options: AskUrlOptions): Promise<Discovered | Problem> {
  const url = discoveryUrl(issuer);
  const read = await readJson(url, options);
  if ("problem" in read) return read;
  const { json } = read;
  return {
    issuer: textOf(json.issuer),
    authorizationEndpoint: textOf(json.authorization_endpoint),
    keysUrl: textOf(json.jwks_uri),
  };
}

function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}${PATH}`;
}

/** API servers read whole answers, however long. */
const MOST_BYTES = 4_194_304;
/** As many as API servers follow. */
const MOST_REDIRECTS = 10;

async function readJson(
  url: string,
  options: AskUrlOptions,
  hops = 0,
): Promise<{ readonly json: Readonly<Record<string, unknown>> } | Problem> {
  const question = { url, headers: { accept: "application/json" }, mostBytes: MOST_BYTES };
  const answer = await askUrl(question, options);
  if ("failure" in answer) return { problem: answer.text, failure: answer };
  const next = redirectOf(answer, url);
  const place = locationText(url);
  if (next !== undefined)
    return hops < MOST_REDIRECTS
      ? readJson(next, options, hops + 1)
      : { problem: `more than ${MOST_REDIRECTS} redirects, the last by ${place}` };
  if (answer.status !== 200) return { problem: `${place} answers ${answer.status}` };
  if (answer.cut === "too long") return { problem: `${place} answers more than 4 MiB`, isOpen: true };
  if (answer.cut === "too late")
    return { problem: `the answer of ${place} has not ended in time`, isOpen: true };
  if (answer.cut === "broken off") return { problem: `the answer of ${place} breaks off` };
  try {
    const json: unknown = JSON.parse(answer.body);
    if (isRecord(json)) return { json };
  } catch {
    // Told below: what is no JSON may hold anything.
  }
  return { problem: `${place} answers what is no JSON object` };
}

function unread(asked: string, { problem, failure, isOpen = false }: Problem): Answered {
  if (failure !== undefined) return failed(asked, failure);
  return isOpen ? unknown(asked, problem) : broken(asked, problem);
}

/** Whether an issuer is one that API servers can take tokens of: its discovery names it exactly, and it has keys. */
export async function askIssuer(issuer: string, options: AskUrlOptions): Promise<Answered> {
  const url = discoveryUrl(issuer);
  const asked = `GET ${url}, and its keys`;
  const found = await discover(issuer, options);
  if ("problem" in found) return unread(asked, found);
  if (found.issuer !== issuer)
    return broken(asked, `it calls itself ${found.issuer || "nothing"}: API servers refuse its tokens`);
  if (!/^https:\/\//.test(found.keysUrl) || !URL.canParse(found.keysUrl))
    return broken(asked, "it names no https URL of its keys (jwks_uri)");
  const keys = await readJson(found.keysUrl, options);
  if ("problem" in keys) return unread(asked, keys);
  const usable = listOf(keys.json.keys)
    .map(fieldsOf)
    .filter(({ kty, use }) => (kty === "RSA" || kty === "EC") && (use === undefined || use === "sig"));
  if (usable.length === 0)
    return broken(asked, `${locationText(found.keysUrl)} has no key that signs tokens`);
  return held(asked, [`${usable.length} key${usable.length === 1 ? "" : "s"} that sign tokens`]);
}
