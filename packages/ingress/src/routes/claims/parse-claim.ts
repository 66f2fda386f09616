import { isDnsLabel, isDnsSubdomain, type Result } from "@ashlar/core";
import { readRequest } from "../request.ts";
import type { ClaimService, RouteClaim } from "./claim.ts";

export interface ParseServesClaimOptions {
  /** Who promises: a block's name, or `expect`. */
  readonly by: string;
  /** Field path for findings, such as `expect[3]`. */
  readonly path?: string;
}

type Report = (column: number, message: string, hint: string) => undefined;

const CODE = "ingress/valid-claim";
const MAX_LENGTH = 2000;
const GRAMMAR =
  'write "URL serves NAMESPACE/SERVICE:PORT", "URL does not serve NAMESPACE/SERVICE", "URL does not resolve" or "URL requires login of group GROUP"';

/**
 * Reads a claim about a URL: `URL serves NAMESPACE/SERVICE[:PORT]`, `URL does not serve [NAMESPACE/SERVICE[:PORT]]`,
 * `URL does not resolve`, `URL requires login [of group GROUP[, GROUP]…]`.
 *
 * A URL without a path means its root for `serves`, and every path of the host for `requires login` and `does not`. Errors have
 * the code `ingress/valid-claim`; they count columns from 1.
 *
 * @example parseServesClaim("https://wiki.strix.kr serves default/dokuwiki-dokuwiki:80", { by: "expect" })
 */
export function parseServesClaim(text: string, options: ParseServesClaimOptions): Result<RouteClaim> {
  let finding: Parameters<Report> | undefined;
  const report: Report = (...problem) => {
    finding ??= problem;
    return undefined;
  };
  const claim = readClaim(text, options.by, report);
  if (claim !== undefined) return { ok: true, value: claim };
  const [column, message, hint] = finding!;
  const where = `claim "${shorten(text)}", column ${column}`;
  const path = options.path ?? "";
  return {
    ok: false,
    findings: [{ code: CODE, severity: "error", message: `${where}: ${message}`, hint, path }],
  };
}

interface Word {
  readonly text: string;
  readonly column: number;
}

function readClaim(text: string, by: string, report: Report): RouteClaim | undefined {
  if (text.length > MAX_LENGTH)
    return report(
      1,
      `expected at most ${MAX_LENGTH} characters, found ${text.length}`,
      "write several claims",
    );
  const words = [...text.matchAll(/\S+/g)].map((m): Word => ({ text: m[0], column: m.index + 1 }));
  const [url, verb, ...rest] = words;
  const end = text.length + 1;
  if (url === undefined) return report(1, "expected a claim, found nothing", GRAMMAR);
  const problem = readRequest(url.text);
  if (typeof problem === "string")
    return report(
      url.column,
      `expected a URL, found "${shorten(url.text)}": ${problem}`,
      "write https://wiki.example.test/path",
    );
  const common = { text: text.trim(), by, url: url.text };
  if (verb === undefined) return report(end, "expected what the URL does, found the end", GRAMMAR);
  if (verb.text === "serves") {
    const service = readService(rest, end, report);
    return service && { kind: "serves", expect: "yes", ...common, service };
  }
  if (verb.text === "does" && rest[0]?.text === "not") return readDenial(rest.slice(1), common, end, report);
  if (verb.text === "requires" && rest[0]?.text === "login")
    return readLogin(rest.slice(1), common, end, report);
  const found = [verb, rest[0]].map((word) => word?.text ?? "").join(" ");
  return report(
    verb.column,
    `expected "serves", "does not" or "requires login", found "${shorten(found.trim())}"`,
    GRAMMAR,
  );
}

type Common = Pick<RouteClaim, "text" | "by" | "url">;

function readDenial(
  [verb, ...rest]: readonly Word[],
  common: Common,
  end: number,
  report: Report,
): RouteClaim | undefined {
  if (verb === undefined) return report(end, 'expected "serve" or "resolve", found the end', GRAMMAR);
  if (verb.text !== "serve" && verb.text !== "resolve")
    return report(verb.column, `expected "serve" or "resolve", found "${shorten(verb.text)}"`, GRAMMAR);
  const claim = { kind: "serves", expect: "no", ...common } as const;
  if (rest.length === 0) return claim;
  if (verb.text === "resolve")
    return report(rest[0]!.column, `expected the end, found "${shorten(rest[0]!.text)}"`, GRAMMAR);
  const service = readService(rest, end, report);
  return service && { ...claim, service };
}

function readService(
  [word, ...more]: readonly Word[],
  end: number,
  report: Report,
): ClaimService | undefined {
  if (word === undefined)
    return report(end, "expected a Service, found the end", "write NAMESPACE/SERVICE:PORT");
  if (more[0] !== undefined)
    return report(more[0].column, `expected the end, found "${shorten(more[0].text)}"`, GRAMMAR);
  const match = /^([^/:]+)\/([^/:]+)(?::([^/:]+))?$/.exec(word.text);
  const [, namespace = "", name = "", port] = match ?? [];
  if (match === null || !isDnsLabel(namespace) || !isDnsSubdomain(name))
    return report(
      word.column,
      `expected NAMESPACE/SERVICE:PORT, found "${shorten(word.text)}"`,
      "write default/wiki:80",
    );
  if (port === undefined) return { namespace, name };
  return { namespace, name, port: /^[0-9]+$/.test(port) ? Number(port) : port };
}

function readLogin(
  words: readonly Word[],
  common: Common,
  end: number,
  report: Report,
): RouteClaim | undefined {
  const claim = { kind: "requires-login", ...common } as const;
  const [of, group, ...rest] = words;
  if (of === undefined) return claim;
  if (of.text !== "of")
    return report(of.column, `expected "of group" or the end, found "${shorten(of.text)}"`, GRAMMAR);
  if (group === undefined || (group.text !== "group" && group.text !== "groups"))
    return report(
      group?.column ?? end,
      `expected "group", found ${group ? `"${shorten(group.text)}"` : "the end"}`,
      GRAMMAR,
    );
  const names = rest
    .map(({ text }) => text)
    .join(" ")
    .split(",")
    .map((name) => name.trim());
  if (names.includes(""))
    return report(
      rest[0]?.column ?? end,
      "expected the name of a group, found nothing",
      "write of group operator, developer",
    );
  return { ...claim, groups: [...new Set(names)] };
}

function shorten(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
