import { lookup as systemLookup } from "node:dns";
import type { IncomingHttpHeaders } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import { getCACertificates, type TLSSocket } from "node:tls";
import { endedBy } from "@ashlar/core/live";
import type { HostOptions } from "./asking.ts";

/** What a URL answered, or why it did not. */
export type UrlAnswer = UrlResponse | UrlFailure;

export interface UrlResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of it as was wanted; of the first bytes alone when `cut` says why. */
  readonly body: string;
  readonly cut?: "too long" | "too late" | "broken off";
  /** Of an https URL: the certificate, which is trusted and for the host. */
  readonly certificate?: string;
}

/**
 * `certificate`: not trusted, not for the host, or past its end; `refused`: somebody at the address says that nobody serves;
 * `closed`: somebody is there, takes the connection, and ends it without an answer;
 * `nowhere`: the host has no address here, or there is no way to it; `silent`: no answer in time.
 */
export interface UrlFailure {
  readonly failure: "certificate" | "refused" | "closed" | "nowhere" | "silent" | "no-http";
  readonly text: string;
}

export interface AskUrl {
  readonly url: string;
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  /** Another host to ask at the same address: its certificate is not looked at. */
  readonly asHost?: string;
  /** How much of the body is wanted. Default: 64 KiB of an error (4xx, 5xx), nothing else: answers may stream for ever. */
  readonly mostBytes?: number;
}

export type AskUrlOptions = HostOptions & { readonly signal?: AbortSignal | undefined };

const MOST_BYTES = 65_536;
/** As much as browsers take. */
const MOST_HEADERS = 262_144;
const USER_AGENT = "ashlar-verify";

/**
 * Asks a URL once, without credentials; follows no redirect.
 *
 * @throws {LiveError} `aborted` when the signal ends it; nothing else: what goes wrong is an answer
 */
export async function askUrl(question: AskUrl, options: AskUrlOptions = {}): Promise<UrlAnswer> {
  const { url, method = "GET", headers = {}, asHost, mostBytes } = question;
  const { protocol, hostname, port, host, pathname, search } = new URL(url);
  const isTls = protocol === "https:";
  const { request } = isTls ? await import("node:https") : await import("node:http");
  const { timeoutSeconds = 10, certificateAuthority, signal } = options;
  const bare = hostname.replace(/^\[|\]$/g, "");
  const limit = AbortSignal.timeout(timeoutSeconds * 1000);
  const servername = asHost ?? bare;
  const tls = {
    ...(isIP(servername) === 0 && { servername }),
    ...(certificateAuthority !== undefined && {
      ca: [...getCACertificates("default"), certificateAuthority],
    }),
    ...(asHost !== undefined && { rejectUnauthorized: false }),
  };
  try {
    const answer = await new Promise<UrlResponse>((resolve, reject) => {
      const sent = request(
        {
          ...{
            method,
            agent: false,
            hostname: bare,
            port: port || (isTls ? 443 : 80),
            path: `${pathname}${search}`,
            maxHeaderSize: MOST_HEADERS,
          },
          headers: { host: asHost ?? host, accept: "*/*", "user-agent": USER_AGENT, ...headers },
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
          lookup: lookupWith(Number(port || (isTls ? 443 : 80)), options),
          ...(isTls && tls),
        },
        (response) => {
          const certificate =
            isTls && asHost === undefined ? certificateText(response.socket as TLSSocket) : undefined;
          const { statusCode: status = 0 } = response;
          // From here on the response tells what goes wrong.
          sent.off("error", reject).on("error", () => undefined);
          const most = mostBytes ?? (status >= 400 ? MOST_BYTES : 0);
          readStart(response, most, limit).then(
            (read) =>
              resolve({ status, headers: response.headers, ...read, ...(certificate && { certificate }) }),
            reject,
          );
        },
      );
      sent.once("error", reject).end();
    });
    if (signal?.aborted) throw endedBy(signal, `the request to ${host}`);
    return answer;
  } catch (error) {
    if (signal?.aborted) throw endedBy(signal, `the request to ${host}`);
    return failureOf(error as Error, limit.aborted ? timeoutSeconds : undefined);
  }
}

/** What a host is reached at by `--resolve`, else by the system. */
function lookupWith(port: number, { resolve = [] }: HostOptions): LookupFunction {
  return (hostname, options, callback) => {
    const told = resolve.find(
      (one) => one.port === port && one.host.toLowerCase() === hostname.toLowerCase(),
    );
    if (told === undefined) {
      systemLookup(hostname, options, callback);
      return;
    }
    const family = isIP(told.address);
    if (options.all) callback(null, [{ address: told.address, family }]);
    else callback(null, told.address, family);
  };
}

async function readStart(
  response: AsyncIterable<Buffer> & { destroy: () => unknown },
  most: number,
  limit: AbortSignal,
): Promise<Pick<UrlResponse, "body" | "cut">> {
  const parts: Buffer[] = [];
  let length = 0;
  let cut: UrlResponse["cut"];
  try {
    if (most > 0)
      for await (const part of response) {
        parts.push(part);
        length += part.length;
        if (length > most) {
          cut = "too long";
          break;
        }
      }
  } catch {
    // Status and headers are an answer already.
    cut = limit.aborted ? "too late" : "broken off";
  }
  response.destroy();
  const body = Buffer.concat(parts).subarray(0, most).toString("utf8");
  return { body, ...(cut && { cut }) };
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Where a redirect leads by http, without user and password: URLs that are asked are told. */
export function redirectOf({ status, headers }: UrlResponse, at: string): string | undefined {
  return REDIRECTS.includes(status) ? placeOf(headers.location, at) : undefined;
}

/** The URL that a reference at another means. */
export function placeOf(reference: string | undefined, at: string): string | undefined {
  if (reference === undefined || !URL.canParse(reference, at)) return undefined;
  const place = new URL(reference, at);
  Object.assign(place, { username: "", password: "", hash: "" });
  return /^https?:$/.test(place.protocol) ? place.href : undefined;
}

function certificateText(socket: TLSSocket): string {
  const { subjectaltname = "", issuer, valid_to: until } = socket.getPeerCertificate();
  const names = subjectaltname.split(", ").map((name) => name.replace(/^DNS:/, ""));
  const shown = names.length > 3 ? [...names.slice(0, 3), "…"] : names;
  const by = [issuer?.O, issuer?.CN].flat().filter((part) => part !== undefined);
  return `certificate for ${shown.join(", ")} by ${by.join(" ") || "nobody that it names"}, until ${isoDate(until)}`;
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString().slice(0, 10);
}

/** What Node and OpenSSL say when a certificate does not do, in words. */
const CERTIFICATES: readonly (readonly [RegExp, string])[] = [
  [/^CERT_HAS_EXPIRED$/, "the certificate has expired"],
  [/^CERT_NOT_YET_VALID$/, "the certificate is not valid yet"],
  [/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, "the certificate is for another host"],
  [/^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)$/, "the certificate is signed by itself"],
  [/^(UNABLE_TO_|CERT_|INVALID_CA)/, "the certificate is of an authority that is not trusted here"],
];

function failureOf(error: Error & { readonly code?: string }, waited: number | undefined): UrlFailure {
  const { code = "", message } = error;
  if (waited !== undefined) return { failure: "silent", text: `no answer within ${waited} s` };
  const bad = CERTIFICATES.find(([pattern]) => pattern.test(code));
  if (bad !== undefined) return { failure: "certificate", text: `${bad[1]} (${code})` };
  if (code === "ECONNREFUSED") return { failure: "refused", text: `the connection is refused (${code})` };
  if (code === "ECONNRESET" || code === "EPIPE")
    return { failure: "closed", text: `the connection is closed without an answer (${code})` };
  if (code === "HPE_HEADER_OVERFLOW")
    return { failure: "no-http", text: `its headers are longer than browsers take: 256 KiB (${code})` };
  if (/^(ENOTFOUND|EAI_|ENODATA)/.test(code))
    return { failure: "nowhere", text: `the host has no address here (${code})` };
  if (/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)/.test(code))
    return { failure: "nowhere", text: `there is no way to the host (${code})` };
  if (code === "ETIMEDOUT") return { failure: "silent", text: "no answer (ETIMEDOUT)" };
  return {
    failure: "no-http",
    text: `what answers is no HTTP server of this scheme (${code || message.slice(0, 80)})`,
  };
}
