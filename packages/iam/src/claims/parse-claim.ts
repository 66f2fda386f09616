import { type Finding, isDnsLabel, isDnsSubdomain, REQUEST_VERBS, type Result, suggest } from "@ashlar/core";
import {
  type AccessClaim,
  type ClaimScope,
  type ClaimSubject,
  type ClaimTarget,
  VERB_WORDS,
} from "./claim.ts";
import { splitWords, type Word } from "./words.ts";

export interface ParseAccessClaimOptions {
  /** The platform's groups, without prefix: `developer` then is a subject. Absent: none. */
  readonly groups?: readonly string[];
  /** What the API server puts before groups: `oidc:`. Absent: nothing. */
  readonly groupsPrefix?: string;
  /** Environment → its namespaces. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** The namespaces there are; absent: any name is one. */
  readonly namespaces?: readonly string[];
  /** Who promises: a block's name, or `expect`. */
  readonly by: string;
  /** Field path for findings, such as `expect[3]`. */
  readonly path?: string;
}

type Report = (column: number, message: string, hint: string) => undefined;

const CODE = "iam/valid-claim";
const MAX_LENGTH = 1000;
const GRAMMAR =
  'write "developer can create deployments in dev" or "developer cannot get secrets in env:prod"';
const SUBJECTS =
  "write a group of the platform, group:NAME, user:NAME, serviceaccount:NAMESPACE/NAME, anyone or anonymous";
const EVERY_VERB = [...VERB_WORDS.values()].flat();

/**
 * Reads a claim about access:
 * `SUBJECT (can|cannot) VERB[,VERB] RESOURCE[.GROUP][/SUBRESOURCE] [named NAME] [in NAMESPACE | in env:ENV | in any namespace]`,
 * or `SUBJECT (can|cannot) VERB /path`.
 *
 * SUBJECT: a group of the platform by its word (`developer`: the Group with the prefix before it), `group:NAME` and `user:NAME` as
 * the API server sees them, `serviceaccount:NAMESPACE/NAME`, `anyone` (logged in, of no further group), `anonymous`. A group or
 * user is logged in: it also has what system:authenticated has. A word with spaces stands in double quotes: `group:"site team"`.
 *
 * VERB: as in a rule, or `read` (get, list, watch), `write` (create, update, patch, delete, deletecollection), `*` (for `can` the
 * right to every verb, for `cannot` each of those of read and write). RESOURCE: as in a rule; `*` (every resource) only with `can`.
 *
 * Without `in`, and with `in any namespace`: `can` speaks of the whole cluster, `cannot` of the cluster and of every namespace.
 * Without `named`, `cannot` speaks of every name. Errors have the code `iam/valid-claim`; they count columns from 1.
 *
 * @example parseAccessClaim("developer can read pods in env:prod", { groups: ["developer"], groupsPrefix: "oidc:",
 *   environments: { prod: ["prod"] }, by: "expect" })
 */
export function parseAccessClaim(text: string, options: ParseAccessClaimOptions): Result<AccessClaim> {
  const findings: Finding[] = [];
  const report: Report = (column, message, hint) => {
    const where = `claim "${shorten(text)}", column ${column}`;
    const path = options.path ?? "";
    findings.push({ code: CODE, severity: "error", message: `${where}: ${message}`, hint, path });
    return undefined;
  };
  const claim = readClaim(text, options, report);
  return claim === undefined || findings.length > 0 ? { ok: false, findings } : { ok: true, value: claim };
}

function readClaim(text: string, options: ParseAccessClaimOptions, report: Report): AccessClaim | undefined {
  if (text.length > MAX_LENGTH)
    return report(
      1,
      `expected at most ${MAX_LENGTH} characters, found ${text.length}`,
      "write several claims",
    );
  const words = splitWords(text);
  const end = text.length + 1;
  const [who, modal] = words;
  if (who === undefined) return report(1, "expected a claim, found nothing", GRAMMAR);
  if (modal === undefined) return report(end, 'expected "can" or "cannot", found the end', GRAMMAR);
  if (modal.text !== "can" && modal.text !== "cannot")
    return report(
      modal.column,
      `expected "can" or "cannot", found "${shorten(modal.text)}"`,
      modalHint(modal.text),
    );
  const expect = modal.text;
  const subject = readSubject(who, options, report);
  let next = 3;
  const list = [words[2]];
  while (list.at(-1)?.text.endsWith(",") && words[next] !== undefined) list.push(words[next++]);
  const [first] = list;
  const thing = words[next];
  if (first === undefined || thing === undefined)
    return report(end, `expected a verb and a resource after "${expect}", found the end`, GRAMMAR);
  const isPath = thing.text.startsWith("/");
  const verbs = readVerbs(list.map((word) => word?.text).join(""), first.column, { expect, isPath }, report);
  const target = isPath ? { path: thing.text } : readResource(thing, expect, report);
  const rest = readRest(words.slice(next + 1), { isPath, end }, options, report);
  if (subject === undefined || target === undefined || rest === undefined) return undefined;
  const named: ClaimTarget =
    "resource" in target && rest.name !== undefined ? { ...target, name: rest.name } : target;
  return {
    kind: "access",
    text: text.trim(),
    by: options.by,
    expect,
    subject,
    verbs,
    target: named,
    scope: rest.scope,
  };
}

function readSubject(word: Word, options: ParseAccessClaimOptions, report: Report): ClaimSubject | undefined {
  const { text, column } = word;
  const { groups = [], groupsPrefix = "" } = options;
  if (!word.isQuoted && (text === "anyone" || text === "anonymous")) return { kind: text };
  if (groups.includes(text)) return { kind: "group", name: `${groupsPrefix}${text}` };
  const cut = text.indexOf(":");
  const [kind, name] = cut < 0 ? ["", text] : [text.slice(0, cut), text.slice(cut + 1)];
  if (kind === "group" || kind === "user") {
    if (name !== "") return { kind, name };
    return report(column, `expected the name of a ${kind}, found nothing`, `write ${kind}:NAME`);
  }
  if (kind === "serviceaccount") {
    const [namespace = "", account = "", ...more] = name.split("/");
    if (isDnsLabel(namespace) && isDnsSubdomain(account) && more.length === 0) {
      knownNamespace(namespace, column, options, report);
      return { kind: "serviceAccount", namespace, name: account };
    }
    return report(
      column,
      `expected serviceaccount:NAMESPACE/NAME, found "${shorten(text)}"`,
      "write serviceaccount:dev/builder",
    );
  }
  const known = [...groups, "anyone", "anonymous"];
  if (cut < 0 && groups.length > 0)
    return report(column, `unknown group "${shorten(text)}"`, suggest(text, known));
  return report(
    column,
    `expected a subject, found "${shorten(text)}"`,
    cut < 0 ? `${SUBJECTS}; such as group:${shorten(text)}` : SUBJECTS,
  );
}

function readVerbs(
  text: string,
  column: number,
  { expect, isPath }: { readonly expect: "can" | "cannot"; readonly isPath: boolean },
  report: Report,
): readonly string[] {
  const verbs = text.split(",").flatMap((verb) => {
    if (verb === "") report(column, "expected a verb, found nothing", "write get,list or read");
    if (verb === "*") return expect === "cannot" && !isPath ? EVERY_VERB : ["*"];
    if (isPath) return verb === "read" ? ["get"] : [verb];
    const several = VERB_WORDS.get(verb);
    if (several !== undefined) return several;
    // Constrained impersonation has verbs such as impersonate:user-info.
    if (verb !== "" && !verb.includes(":") && !REQUEST_VERBS.includes(verb))
      report(
        column,
        `no request has the verb "${shorten(verb)}"`,
        suggest(verb, ["read", "write", ...REQUEST_VERBS]),
      );
    return [verb];
  });
  return [...new Set(verbs)];
}

function readResource({ text, column }: Word, expect: string, report: Report): ClaimTarget | undefined {
  if (text === "*")
    return expect === "can"
      ? { resource: "*" }
      : report(
          column,
          'expected a resource after "cannot", found "*"',
          "write one claim for each resource that counts",
        );
  const match = /^([a-z0-9][a-z0-9-]*)(?:\.([a-z0-9.-]+))?(?:\/([A-Za-z0-9/-]+))?$/.exec(text);
  const [, resource = "", group, subresource] = match ?? [];
  if (match === null || (group !== undefined && !isDnsSubdomain(group)))
    return report(
      column,
      `expected a resource, found "${shorten(text)}"`,
      "write pods, deployments.apps or pods/log, as rules do",
    );
  return {
    resource,
    ...(group !== undefined && { group }),
    ...(subresource !== undefined && { subresource }),
  };
}

interface Rest {
  readonly name?: string;
  readonly scope: ClaimScope;
}

function readRest(
  words: readonly Word[],
  { isPath, end }: { readonly isPath: boolean; readonly end: number },
  options: ParseAccessClaimOptions,
  report: Report,
): Rest | undefined {
  const left = [...words];
  let rest: Rest = { scope: { kind: "everywhere" } };
  if (isPath && left[0] !== undefined)
    return report(
      left[0].column,
      `expected the end after a path, found "${shorten(left[0].text)}"`,
      "paths are in no namespace and have no name",
    );
  if (left[0]?.text === "named") {
    const name = left[1];
    if (name === undefined)
      return report(end, 'expected a name after "named", found the end', "write named NAME");
    rest = { ...rest, name: name.text };
    left.splice(0, 2);
  }
  if (left[0]?.text === "in") {
    const where = left[1];
    if (where === undefined)
      return report(
        end,
        'expected a namespace after "in", found the end',
        "write in NAMESPACE, in env:ENV or in any namespace",
      );
    const isAny = where.text === "any" && left[2]?.text === "namespace";
    const scope = isAny ? rest.scope : readNamespace(where, options, report);
    if (scope === undefined) return undefined;
    rest = { ...rest, scope };
    left.splice(0, isAny ? 3 : 2);
  }
  const [extra] = left;
  if (extra !== undefined)
    return report(extra.column, `expected the end, "named" or "in", found "${shorten(extra.text)}"`, GRAMMAR);
  return rest;
}

function readNamespace(
  { text, column }: Word,
  options: ParseAccessClaimOptions,
  report: Report,
): ClaimScope | undefined {
  if (!text.startsWith("env:")) {
    if (!isDnsLabel(text))
      return report(
        column,
        `expected a namespace, found "${shorten(text)}"`,
        "write in NAMESPACE, in env:ENV or in any namespace",
      );
    knownNamespace(text, column, options, report);
    return { kind: "namespaces", name: text, namespaces: [text] };
  }
  const { environments = {} } = options;
  const name = text.slice(4);
  if (Object.hasOwn(environments, name))
    return { kind: "namespaces", name: text, namespaces: environments[name] ?? [] };
  return report(
    column + 4,
    `unknown environment "${shorten(name)}"`,
    suggest(name, Object.keys(environments)),
  );
}

function knownNamespace(
  name: string,
  column: number,
  { namespaces }: ParseAccessClaimOptions,
  report: Report,
): void {
  if (namespaces !== undefined && !namespaces.includes(name))
    report(column, `unknown namespace "${name}"`, suggest(name, namespaces));
}

function modalHint(word: string): string {
  if (/^(can't|cant|not|never|mustn't)$/i.test(word)) return 'write "cannot"';
  return /^(may|must|could|should|will)$/i.test(word) ? 'write "can"' : GRAMMAR;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
