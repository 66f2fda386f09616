import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { LiveError } from "./live-error.ts";
import type { Session } from "./login-options.ts";
import { expiryOf, idTokenClaims, type TokenSet } from "./token-set.ts";

const VERSION = 1;
const MOST_BYTES = 1_000_000;
const GROUP_AND_OTHERS = 0o077;

/** `$XDG_CACHE_HOME/ashlar/tokens`, or the same below `~/.cache`. A relative `XDG_CACHE_HOME` counts as none, as its standard says. */
export function defaultTokenFolder(): string {
  const { XDG_CACHE_HOME: given = "" } = process.env;
  return join(isAbsolute(given) ? given : join(homedir(), ".cache"), "ashlar", "tokens");
}

/** The file of a session. Its name is a hash: an issuer is no file name. */
export function tokenFile(folder: string, { issuer, clientId, scopes }: Session): string {
  const key = createHash("sha256")
    .update(JSON.stringify([issuer, clientId, scopes]))
    .digest("hex");
  return join(folder, `${key.slice(0, 32)}.json`);
}

/**
 * Makes the folder for its owner alone, and looks that it is so when it was there already.
 *
 * @throws LiveError `bad-cache` when it is not a folder of ours, or others may look into it
 */
export async function ownFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await lstat(folder);
    if (!found.isDirectory()) throw unsafe(folder, "is not a folder", "name another folder for the tokens");
    checkOwner(folder, found, `chmod 700 "${folder}"`);
  } catch (error) {
    throw asBadCache(error, folder);
  }
}

/**
 * The tokens of a session, or undefined when there is no file.
 *
 * @throws LiveError `bad-cache` when the file is not what `writeTokens` writes for this session: others may read it, it is a
 *   link, it is damaged, or its tokens are of somebody else
 */
export async function readTokens(file: string, session: Session): Promise<TokenSet | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw asBadCache(error, file);
  }
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > MOST_BYTES)
      throw unsafe(file, "is not a file that we wrote", REMOVE(file));
    checkOwner(file, found, `chmod 600 "${file}"`);
    return parseTokens(await handle.readFile("utf8"), file, session);
  } catch (error) {
    throw asBadCache(error, file);
  } finally {
    await handle.close();
  }
}

/** Puts the tokens in place in one step: a reader sees the old file or the new one, never a part. Readable by its owner alone. */
export async function writeTokens(file: string, { scopes }: Session, tokens: TokenSet): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    const handle = await open(unfinished, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ version: VERSION, scopes, ...tokens })}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw asBadCache(error, file);
  }
}

/** Removes the tokens of a session; true when there were some. */
export async function removeTokens(file: string): Promise<boolean> {
  try {
    await rm(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw asBadCache(error, file);
  }
}

const REMOVE = (file: string) => `remove it and log in again: rm "${file}"`;

function parseTokens(text: string, file: string, session: Session): TokenSet {
  const read = jsonObject(text);
  const { version, scopes, issuer, clientId, idToken, accessToken, refreshToken, expiresAt } = read ?? {};
  if (
    version !== VERSION ||
    typeof idToken !== "string" ||
    typeof accessToken !== "string" ||
    typeof expiresAt !== "string" ||
    !(refreshToken === undefined || typeof refreshToken === "string")
  )
    throw unsafe(file, "is damaged, or not one that we wrote", REMOVE(file));
  const claims = idTokenClaims(idToken);
  const same =
    issuer === session.issuer &&
    clientId === session.clientId &&
    JSON.stringify(scopes) === JSON.stringify(session.scopes) &&
    claims?.iss === session.issuer &&
    [claims.aud].flat().includes(session.clientId) &&
    expiryOf(idToken) === expiresAt;
  if (!same) throw unsafe(file, "holds tokens of another session than its name says", REMOVE(file));
  return {
    issuer: session.issuer,
    clientId: session.clientId,
    idToken,
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    expiresAt,
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Windows has neither these modes nor these owners: there the folder of the user is what protects. */
function checkOwner(path: string, found: { readonly uid: number; readonly mode: number }, repair: string) {
  const user = process.getuid?.();
  if (user === undefined) return;
  if (found.uid !== user) throw unsafe(path, "belongs to another user", "name another folder for the tokens");
  if ((found.mode & GROUP_AND_OTHERS) !== 0)
    throw unsafe(
      path,
      `may be used by others (mode ${(found.mode & 0o777).toString(8)})`,
      `take that away (${repair}); if others use this machine, remove the tokens and log in again`,
    );
}

function unsafe(path: string, why: string, hint: string): LiveError {
  return new LiveError("bad-cache", `the token cache ${path} ${why}`, hint);
}

function asBadCache(error: unknown, path: string): LiveError {
  if (error instanceof LiveError) return error;
  const { code = "unknown error" } = error as NodeJS.ErrnoException;
  const why = code === "ELOOP" ? "is a link" : `cannot be used (${code})`;
  return new LiveError(
    "bad-cache",
    `the token cache ${path} ${why}`,
    "name another folder for the tokens",
    error,
  );
}
