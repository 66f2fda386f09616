/** What is asked: a URL as a text, or its parts. */
export type UrlQuestion = string | UrlParts;

/** A URL in parts, with what a route may look at besides. */
export interface UrlParts {
  readonly scheme: "http" | "https";
  readonly host: string;
  /** Absent: 80 for http, 443 for https. */
  readonly port?: number;
  /** Absent: `/`. May hold a query. */
  readonly path?: string;
  /** Absent: `GET`. */
  readonly method?: string;
  /** Names in any case. Absent: none that a route looks at. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as the edge sees it. */
export interface UrlRequest {
  readonly scheme: "http" | "https";
  /** In lower case, without a dot at its end. */
  readonly host: string;
  readonly port: number;
  /** As sent, without the query. */
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
const SLASH = 47;
const COLON = 58;

/** The request that a client makes for a URL, or why the text is none that an edge could be asked. */
export function readRequest(question: UrlQuestion): UrlRequest | string {
  return typeof question === "string" ? readText(question) : readParts(question);
}

function readText(text: string): UrlRequest | string {
  const secure = text.startsWith("https://");
  if (!secure && !text.startsWith("http://")) return "it does not begin with http:// or https://";
  const from = secure ? 8 : 7;
  let end = from;
  let portAt = -1;
  let isLower = true;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === SLASH || code === 63 || code === 35) break;
    if (code === COLON && portAt < 0) portAt = end;
    else if (code >= 65 && code <= 90) isLower = false;
    else if (!isHostCode(code)) return hostProblem(text.slice(from, end + 1));
  }
  const hostEnd = portAt < 0 ? end : portAt;
  const host =
    text.charCodeAt(hostEnd - 1) === 46 ? text.slice(from, hostEnd - 1) : text.slice(from, hostEnd);
  if (host === "") return "it names no host";
  const port = portAt < 0 || portAt + 1 === end ? (secure ? 443 : 80) : readPort(text.slice(portAt + 1, end));
  if (port === undefined) return "its port is no number from 1 to 65535";
  const fragment = text.indexOf("#", end);
  const stop = fragment < 0 ? text.length : fragment;
  const mark = text.indexOf("?", end);
  const pathEnd = mark < 0 || mark > stop ? stop : mark;
  return {
    scheme: secure ? "https" : "http",
    host: isLower ? host : host.toLowerCase(),
    port,
    path: pathEnd > end ? text.slice(end, pathEnd) : "/",
    query: pathEnd < stop ? text.slice(pathEnd + 1, stop) : "",
    method: "GET",
    headers: NO_HEADERS,
  };
}

function readParts(parts: UrlParts): UrlRequest | string {
  const { scheme, host, port, path = "/", method = "GET", headers = NO_HEADERS } = parts;
  if (scheme !== "http" && scheme !== "https") return "its scheme is neither http nor https";
  if (typeof host !== "string" || typeof path !== "string") return "its host or path is no text";
  if (!path.startsWith("/")) return "its path does not begin with /";
  const authority = port === undefined ? host : `${host}:${port}`;
  const read = readText(`${scheme}://${authority}${path}`);
  if (typeof read === "string") return read;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { ...read, method: String(method).toUpperCase(), headers: Object.fromEntries(named) };
}

/** Letters of either case, digits, dash, dot and underscore. */
function isHostCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 45 && code <= 46) || (code >= 48 && code <= 57) || code === 95
  );
}

function hostProblem(start: string): string {
  if (start.endsWith("@")) return "it holds a user name before the host";
  if (start.startsWith("[")) return "its host is an IPv6 address: name the host";
  return `its host holds ${JSON.stringify(start.slice(-1))}`;
}

function readPort(text: string): number | undefined {
  if (!/^[0-9]{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65535 ? port : undefined;
}

/** Whether servers read the path in different ways: escapes, empty segments, dot segments, characters outside of ASCII. */
export function isOddPath(path: string): boolean {
  if (path.indexOf("%") < 0 && path.indexOf("//") < 0 && path.indexOf("/.") < 0 && !NOT_PLAIN.test(path))
    return false;
  return plainPath(path) !== path;
}

const NOT_PLAIN = /[^!-~]/;

/** The path as nginx reads it: escapes decoded, empty and dot segments resolved; unreadable escapes stay. */
export function plainPath(path: string): string {
  let decoded = path;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // An escape that is none: servers answer 400 or take it as it is.
  }
  const parts: string[] = [];
  const segments = decoded.split("/");
  segments.forEach((segment, i) => {
    const isLast = i === segments.length - 1;
    if (segment === "..") parts.pop();
    if (segment === "." || segment === ".." || segment === "") {
      if (isLast) parts.push("");
    } else parts.push(segment);
  });
  return `/${parts.join("/")}`;
}
