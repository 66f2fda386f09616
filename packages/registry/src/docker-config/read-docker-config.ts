import { decodeBase64, decodeRawBase64 } from "./base64.ts";
import { fromBytes } from "./byte-string.ts";
import { fieldNamed, isJson, membersOf } from "./json-members.ts";

/** A server of a Docker configuration, and who logs in there. */
export interface DockerCredential {
  /** As written: `registry.example.com`, `https://index.docker.io/v1/`. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  /** `username` beside `auth` says another user; `auth` wins. A user name with a colon does this. */
  readonly contradicts?: true;
}

/** `.dockerconfigjson` has its servers below `auths`; `.dockercfg`, the older one, at the top. */
export type DockerConfigFormat = "dockerconfigjson" | "dockercfg";

/** What kubelet reads, or why it reads nothing. The text never holds a value of the configuration but the name of a server. */
export type ReadDockerConfig =
  | { readonly ok: true; readonly credentials: readonly DockerCredential[] }
  | { readonly ok: false; readonly reason: string; readonly server?: string };

const TOP_FIELDS = ["auths", "HttpHeaders"] as const;
const ENTRY_FIELDS = ["username", "password", "email", "auth"] as const;

/**
 * Reads the credentials of a Docker configuration as kubelet 1.36.3 does (pkg/credentialprovider/config.go). One entry that it
 * cannot read makes it refuse the whole, and with it every pull of the pod. `auth` wins over `username` and `password`; without
 * `auths` there are no credentials.
 *
 * @example readDockerConfig('{"auths":{"example.test":{"auth":"YTpi"}}}', "dockerconfigjson")
 * // { ok: true, credentials: [{ server: "example.test", username: "a", password: "b" }] }
 */
export function readDockerConfig(text: string, format: DockerConfigFormat): ReadDockerConfig {
  if (!isJson(text)) return { ok: false, reason: "it is no JSON" };
  if (text.trim() === "null") return { ok: true, credentials: [] };
  const members = membersOf(text);
  if (members === undefined) return { ok: false, reason: "it is no JSON object" };
  const credentials = new Map<string, DockerCredential>();
  if (format === "dockercfg") return readEntries(members, credentials);
  for (const { name, value } of members) {
    const field = fieldNamed(name, TOP_FIELDS);
    if (field === "HttpHeaders" && !isTextMap(value))
      return { ok: false, reason: "its HttpHeaders are no map of texts" };
    if (field !== "auths") continue;
    if (value === "null") {
      credentials.clear();
      continue;
    }
    const entries = membersOf(value);
    if (entries === undefined) return { ok: false, reason: "its auths are no object" };
    const read = readEntries(entries, credentials);
    if (!read.ok) return read;
  }
  return { ok: true, credentials: [...credentials.values()] };
}

function readEntries(
  entries: readonly { readonly name: string; readonly value: string }[],
  credentials: Map<string, DockerCredential>,
): ReadDockerConfig {
  for (const { name: server, value } of entries) {
    const read = readEntry(value);
    if ("reason" in read) return { ok: false, reason: read.reason, server };
    credentials.set(server, { server, ...read });
  }
  return { ok: true, credentials: [...credentials.values()] };
}

type Entry = Omit<DockerCredential, "server"> | { readonly reason: string };

function readEntry(text: string): Entry {
  const fields = { username: "", password: "", email: "", auth: "" };
  const members = text === "null" ? [] : membersOf(text);
  if (members === undefined) return { reason: "the entry is no object" };
  for (const { name, value } of members) {
    const field = fieldNamed(name, ENTRY_FIELDS);
    if (field === undefined || value === "null") continue;
    if (!value.startsWith('"')) return { reason: `${field} is no text` };
    fields[field] = (JSON.parse(value) as string).toWellFormed();
  }
  const { username, password, auth } = fields;
  if (auth === "") return { username, password };
  const decoded = decodeAuth(auth);
  if ("reason" in decoded || username === "" || username === decoded.username) return decoded;
  return { ...decoded, contradicts: true };
}

function decodeAuth(auth: string): Entry {
  // Padded or not: Go's kubelet looks at the last character that is no white space.
  const isPadded = trimGo(auth).endsWith("=");
  const decoded = isPadded ? decodeBase64(auth) : decodeRawBase64(auth);
  if (decoded === undefined) return { reason: "auth is no base64" };
  const colon = decoded.indexOf(":");
  if (colon < 0) return { reason: "auth holds no user name and password (base64 of USER:PASSWORD)" };
  return { username: fromBytes(decoded.slice(0, colon)), password: fromBytes(decoded.slice(colon + 1)) };
}

/** `strings.TrimSpace`: Unicode's White_Space, which U+FEFF is not. */
function trimGo(text: string): string {
  return text.replace(/^[\p{White_Space}]+|[\p{White_Space}]+$/gu, "");
}

function isTextMap(value: string): boolean {
  if (value === "null") return true;
  const members = membersOf(value);
  return members?.every((member) => member.value === "null" || member.value.startsWith('"')) ?? false;
}
