import { randomBytes } from "node:crypto";
import { type AskUrlOptions, askUrl, type UrlResponse } from "./https.ts";

/** Pages that ingress controllers answer with when no route is for a host or path. */
const PAGES: readonly RegExp[] = [
  /^\s*default backend - 404\s*$/,
  /^404 page not found\s*$/,
  /<center><h1>404 Not Found<\/h1><\/center>\s*<hr><center>(nginx|openresty)[^<]*<\/center>/,
];

/**
 * Whether an answer is that of the edge itself, which has no route there: one of the pages that controllers have, or the same that a
 * host gets that nobody has. Only errors are; what that says is told, else `undefined`.
 */
export async function answeredByDefault(
  url: string,
  { status, headers, body }: UrlResponse,
  options: AskUrlOptions,
): Promise<string | undefined> {
  if (status < 400 || status === 401 || status === 403) return undefined;
  if (status === 502 || status === 503 || status === 504)
    return `${status}: the edge has nobody to pass it on to`;
  if (status !== 404) return undefined;
  if (PAGES.some((page) => page.test(body))) return "404, the page of an edge that has no route there";
  // Envoy and others answer nothing at all.
  const nobody = `${randomBytes(8).toString("hex")}.invalid`;
  const other = await askUrl({ url, asHost: nobody }, options);
  if (!("status" in other) || other.status !== 404) return undefined;
  const plain = (text: string) => text.replaceAll(nobody, "").replaceAll(new URL(url).hostname, "");
  const isSame = plain(other.body) === plain(body) && other.headers.server === headers.server;
  return isSame ? "404, the same as for a host that nobody has" : undefined;
}
