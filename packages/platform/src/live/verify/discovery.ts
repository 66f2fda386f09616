import { fieldsOf, isRecord, listOf, textOf } from "@ashlar/core";
import { type Answered, broken, held } from "./answer.ts";
import { failed } from "./hosts.ts";
import { type AskUrlOptions, askUrl, type UrlFailure } from "./https.ts";

/** What an issuer tells of itself. */
export interface Discovered {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly keysUrl: string;
}

type Problem = { readonly problem: string; readonly failure?: UrlFailure };

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

async function readJson(
  url: string,
  options: AskUrlOptions,
): Promise<{ readonly json: Readonly<Record<string, unknown>> } | Problem> {
  const answer = await askUrl({ url, headers: { accept: "application/json" } }, options);
  if ("failure" in answer) return { problem: answer.text, failure: answer };
  if (answer.status !== 200) return { problem: `${url} answers ${answer.status}` };
  try {
    const json: unknown = JSON.parse(answer.body);
    if (isRecord(json)) return { json };
  } catch {
    // Told below: what is no JSON may hold anything.
  }
  return { problem: `${url} answers what is no JSON object` };
}

/** Whether an issuer is one that API servers can take tokens of: its discovery names it exactly, and it has keys. */
export async function askIssuer(issuer: string, options: AskUrlOptions): Promise<Answered> {
  const url = discoveryUrl(issuer);
  const asked = `GET ${url}, and its keys`;
  const found = await discover(issuer, options);
  if ("problem" in found) return found.failure ? failed(asked, found.failure) : broken(asked, found.problem);
  if (found.issuer !== issuer)
    return broken(asked, `it calls itself ${found.issuer || "nothing"}: API servers refuse its tokens`);
  if (!/^https:\/\//.test(found.keysUrl) || !URL.canParse(found.keysUrl))
    return broken(asked, "it names no https URL of its keys (jwks_uri)");
  const keys = await readJson(found.keysUrl, options);
  if ("problem" in keys) return keys.failure ? failed(asked, keys.failure) : broken(asked, keys.problem);
  const usable = listOf(keys.json.keys)
    .map(fieldsOf)
    .filter(({ kty, use }) => (kty === "RSA" || kty === "EC") && (use === undefined || use === "sig"));
  if (usable.length === 0) return broken(asked, `${found.keysUrl} has no key that signs tokens`);
  return held(asked, [`${usable.length} key${usable.length === 1 ? "" : "s"} that sign tokens`]);
}
