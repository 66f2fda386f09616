import { type Finding, isDnsLabel, isDnsSubdomain, type Result } from "@ashlar/core";
import { parseAddress } from "../addresses.ts";
import { nameProblem } from "../names.ts";
import { serversOf } from "../plugins/forward.ts";
import type { ResolvesClaim } from "./claim.ts";

export interface ParseResolvesClaimOptions {
  /** Who promises: a block's name, or `expect`. */
  readonly by: string;
  /** Field path for findings, such as `expect[3]`. */
  readonly path?: string;
}

const MAX_LENGTH = 1000;
const GRAMMAR =
  'write "web.prod.svc.cluster.local resolves", "my.db resolves to db.example.test from dev", "old.test does not resolve" or "corp.test is forwarded to 10.0.0.2"';

/** What may follow the name, and how many words of a target come then. */
const FORMS = [
  { words: ["resolves", "to"], expect: "to", target: "an address or a name" },
  { words: ["resolves"], expect: "resolves", target: undefined },
  { words: ["does", "not", "resolve"], expect: "nothing", target: undefined },
  { words: ["is", "forwarded", "to"], expect: "forwarded", target: "a server" },
] as const;

/**
 * Reads a claim about names: `NAME resolves`, `NAME resolves to ADDRESS|NAME`, `NAME does not resolve`, `ZONE is forwarded to SERVER`,
 * each of them with `from NAMESPACE` or `from NAMESPACE/POD` at the end. Without `from` the name is complete; with it the search list
 * of the pods there completes it. A SERVER is an address, with a port or a scheme where they are not the usual ones.
 *
 * Errors have the code `dns/valid-claim`.
 *
 * @example parseResolvesClaim("my.db resolves to db.example.test from dev", { by: "expect" })
 */
export function parseResolvesClaim(
  text: string,
  { by, path = "" }: ParseResolvesClaimOptions,
): Result<ResolvesClaim> {
  const fail = (message: string, hint: string = GRAMMAR): Result<ResolvesClaim> => {
    const finding: Finding = {
      code: "dns/valid-claim",
      severity: "error",
      message: `claim "${text.length > 80 ? `${text.slice(0, 80)}…` : text}": ${message}`,
      hint,
      path,
    };
    return { ok: false, findings: [finding] };
  };
  if (text.length > MAX_LENGTH)
    return fail(`expected at most ${MAX_LENGTH} characters, found ${text.length}`);
  const words = text.trim().split(/\s+/);
  const [name = "", ...rest] = words;
  const form = FORMS.find(({ words: its }) => its.every((word, i) => rest[i] === word));
  if (!form)
    return fail(
      `expected "resolves", "does not resolve" or "is forwarded to" after the name, found "${rest.slice(0, 3).join(" ")}"`,
    );
  const problem = nameProblem(name);
  if (problem !== undefined) return fail(`"${name}" can be asked of nobody: ${problem}`, "correct the name");
  const after = rest.slice(form.words.length);
  const target = form.target === undefined ? undefined : after.shift();
  if (form.target !== undefined && target === undefined)
    return fail(`expected ${form.target} after "${form.words.join(" ")}", found the end`);
  const wrong = target !== undefined && wrongTarget(form.expect, target);
  if (wrong) return fail(`expected ${form.target}, found "${target}"`, wrong);
  const place = placeOf(after);
  if (place === undefined) return fail(`expected "from NAMESPACE" or the end, found "${after.join(" ")}"`);
  const { expect } = form;
  return {
    ok: true,
    value: {
      kind: "resolves",
      text: text.trim(),
      by,
      expect,
      name,
      ...(target !== undefined && { target }),
      ...place,
    },
  };
}

function placeOf(words: readonly string[]): Pick<ResolvesClaim, "fromNamespace" | "fromPod"> | undefined {
  if (words.length === 0) return {};
  const [from, where = ""] = words;
  if (from !== "from" || words.length !== 2) return undefined;
  const [namespace = "", pod, ...more] = where.replace(/^ns:/, "").split("/");
  if (!isDnsLabel(namespace) || more.length > 0) return undefined;
  if (pod === undefined) return { fromNamespace: namespace };
  return isDnsSubdomain(pod) ? { fromPod: `${namespace}/${pod}` } : undefined;
}

/** What to write instead of a target that is none. */
function wrongTarget(expect: ResolvesClaim["expect"], target: string): string | undefined {
  if (expect === "forwarded") {
    const servers = serversOf(target, () => undefined);
    return servers[0] === target && !/:[0-9]+$/.test(target) && !target.startsWith("/")
      ? "write an address: 10.0.0.2, 10.0.0.2:5353 or tls://9.9.9.9"
      : undefined;
  }
  if (parseAddress(target)) return undefined;
  if (target.includes("://")) return "write the host alone, without scheme and path";
  if (target.includes(":")) return "write the host alone, without a port";
  return nameProblem(target) === undefined ? undefined : "write an address or a name";
}
