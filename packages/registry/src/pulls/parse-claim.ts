import { type Finding, isDnsLabel, isDnsSubdomain, type Result, suggest } from "@ashlar/core";
import { parseImage } from "../image/parse-image.ts";
import type { Puller, PullsClaim } from "./claim.ts";

export interface ParsePullsClaimOptions {
  /** Environment → its namespaces. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** The namespaces there are; absent: any name is one. */
  readonly namespaces?: readonly string[];
  /** Who promises: a block's name, or `expect`. */
  readonly by: string;
  /** Field path for findings, such as `expect[3]`. */
  readonly path?: string;
}

type Report = (message: string, hint: string) => undefined;

const MAX_LENGTH = 1000;
const GRAMMAR = 'write "dev pulls from registry.example.com" or "dev/Deployment/web pulls example.com/api:1"';
const PULLERS = "write NAMESPACE, env:ENV, serviceaccount:NAMESPACE/NAME or NAMESPACE/Kind/NAME";
const REGISTRY = /^[A-Za-z0-9.-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:]+\](:[0-9]+)?$/;

/**
 * Reads a claim about pulling: `WHO pulls IMAGE` or `WHO pulls from REGISTRY`. WHO: `NAMESPACE`, `env:ENV`,
 * `serviceaccount:NAMESPACE/NAME`, `NAMESPACE/Kind/NAME`. Errors have the code `registry/valid-claim`.
 *
 * @example parsePullsClaim("dev/Deployment/web pulls from registry.k8s.strix.kr", { by: "expect" })
 */
export function parsePullsClaim(text: string, options: ParsePullsClaimOptions): Result<PullsClaim> {
  const findings: Finding[] = [];
  const report: Report = (message, hint) => {
    findings.push({
      code: "registry/valid-claim",
      severity: "error",
      message: `claim ${shown(text)}: ${message}`,
      hint,
      path: options.path ?? "",
    });
    return undefined;
  };
  const claim = readClaim(text, options, report);
  return claim === undefined || findings.length > 0 ? { ok: false, findings } : { ok: true, value: claim };
}

function readClaim(text: string, options: ParsePullsClaimOptions, report: Report): PullsClaim | undefined {
  if (text.length > MAX_LENGTH)
    return report(
      `expected at most ${MAX_LENGTH} characters, found ${text.length}`,
      "write a claim for each image",
    );
  const [who, verb, ...rest] = text.trim().split(/\s+/);
  if (!who) return report("expected a claim, found nothing", GRAMMAR);
  if (verb !== "pulls")
    return report(`expected "pulls" after ${shown(who)}, found ${verb ? shown(verb) : "the end"}`, GRAMMAR);
  const puller = readPuller(who, options, report);
  const what = readWhat(rest, report);
  if (puller === undefined || what === undefined) return undefined;
  return { kind: "pulls", text: text.trim(), by: options.by, puller, what };
}

function readPuller(who: string, options: ParsePullsClaimOptions, report: Report): Puller | undefined {
  const { environments = {} } = options;
  if (who.startsWith("env:")) {
    const name = who.slice(4);
    if (Object.hasOwn(environments, name))
      return { kind: "namespaces", name: who, namespaces: environments[name] ?? [] };
    return report(`unknown environment ${shown(name)}`, suggest(name, Object.keys(environments)));
  }
  if (who.startsWith("serviceaccount:")) {
    const [namespace = "", name = "", ...more] = who.slice("serviceaccount:".length).split("/");
    if (!isDnsLabel(namespace) || !isDnsSubdomain(name) || more.length > 0)
      return report(`${shown(who)} is no ServiceAccount`, "write serviceaccount:dev/builder");
    return isKnown(namespace, options, report) ? { kind: "serviceAccount", namespace, name } : undefined;
  }
  const [namespace = "", workload, name, ...more] = who.split("/");
  const isWorkload =
    workload !== undefined && /^[A-Z][A-Za-z0-9]*$/.test(workload) && isDnsSubdomain(name ?? "");
  if (!isDnsLabel(namespace) || more.length > 0 || (workload !== undefined && !isWorkload))
    return report(`expected who pulls, found ${shown(who)}`, PULLERS);
  if (!isKnown(namespace, options, report)) return undefined;
  if (workload === undefined) return { kind: "namespaces", name: namespace, namespaces: [namespace] };
  return { kind: "workload", namespace, workload, name: name ?? "" };
}

function isKnown(name: string, { namespaces }: ParsePullsClaimOptions, report: Report): boolean {
  if (namespaces === undefined || namespaces.includes(name)) return true;
  report(`unknown namespace "${name}"`, suggest(name, namespaces));
  return false;
}

function readWhat(words: readonly string[], report: Report): PullsClaim["what"] | undefined {
  const isRegistry = words[0] === "from";
  const [what, extra] = isRegistry ? words.slice(1) : words;
  if (what === undefined)
    return report(`expected ${isRegistry ? 'a registry after "from"' : "an image"}, found the end`, GRAMMAR);
  if (extra !== undefined) return report(`expected the end, found ${shown(extra)}`, GRAMMAR);
  if (!isRegistry) {
    const image = parseImage(what);
    if (image.ok) return { image: what };
    for (const { message, hint } of image.findings) report(message, hint);
    return undefined;
  }
  if (REGISTRY.test(what)) return { registry: what };
  const path = what.includes("/");
  return report(
    `${shown(what)} is no registry`,
    path ? `leave out "from" to claim an image` : "write its host, and its port where images have one",
  );
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
