import { type Finding, sortFindings } from "@ashlar/core";
import type { Corefile } from "../corefile/ast.ts";
import { type EffectiveOptions, effectiveCorefile } from "../corefile/effective.ts";
import { type ParseCorefileOptions, parseCorefile } from "../corefile/parse.ts";
import { printCorefile } from "../corefile/print.ts";
import { coreDnsRelease, DEFAULT_COREDNS, pluginOrder } from "../plugins/table.ts";
import { lintFinding } from "./lint-finding.ts";
import { runSetups } from "./run-setups.ts";
import { type LintSubject, lintServers } from "./statements.ts";
import { WARNINGS } from "./warnings/index.ts";

export interface LintCorefileOptions extends ParseCorefileOptions {
  /** The CoreDNS that is to start with it: `1.15.0`, `1.11`, `v1.11.4-eksbuild.2`. The newest one known when absent. */
  readonly coredns?: string;
  /** As {@link EffectiveOptions} has it: whether a file that `files` does not hold may be there all the same. */
  readonly unknownFile?: EffectiveOptions["unknownFile"];
}

/**
 * All that is wrong with a Corefile, sorted by place: what CoreDNS does not start with (errors: syntax, keys, plugins, their arguments
 * and options, zones that overlap), and what it takes though it cannot be meant (warnings: forwards that nothing reaches, loops,
 * ports used twice, words that change nothing …). Never throws. Takes time in proportion to the text, imports included.
 *
 * Errors are those of CoreDNS 1.15.0's own setup code, all of them and not only the first. For earlier releases the plugins and
 * options of that release are known, and their values are read as 1.15.0 reads them. Files that plugins name (certificates,
 * zones), the network, and the expressions of `view` and `template` are not looked at. Where `env` or `files` are absent nothing is
 * said about plugins that depend on them.
 *
 * @example
 * lintCorefile(".:53 {\n  forward . 8.8.8.8\n  cache 30s\n}\n").map((finding) => finding.code)
 * // ["dns/no-swallowed-word"]: a number alone is a TTL, so "30s" is a zone
 */
export function lintCorefile(input: string | Corefile, options: LintCorefileOptions = {}): Finding[] {
  const { coredns = DEFAULT_COREDNS, env, files, unknownFile } = options;
  const text = typeof input === "string" ? input : printCorefile(input);
  const file = options.file ?? (typeof input === "string" ? undefined : input.file);
  const { value, findings } = parseCorefile(text, file === undefined ? {} : { file });
  const surroundings = { ...(files && { files }), ...(env && { env }), ...(unknownFile && { unknownFile }) };
  const effective = effectiveCorefile(value, surroundings);
  const unclosed = effective.problem ? [] : findings.filter(({ severity }) => severity === "warning");
  const release = coreDnsRelease(coredns) ?? DEFAULT_COREDNS;
  const order = pluginOrder(release);
  const subject: LintSubject = { servers: lintServers(effective), release, order };
  const found = [
    ...unclosed,
    ...effective.findings,
    ...runSetups(subject),
    ...WARNINGS.flatMap((check) => check(subject)),
  ];
  return sortFindings([...found, ...pluginsWithoutServer(found)]);

  /** A block without a key is dropped, but the names of its plugins are looked at before. */
  function pluginsWithoutServer(others: readonly Finding[]): Finding[] {
    const { problem } = effectiveCorefile(value, { ...surroundings, plugins: order });
    const at = problem?.at;
    if (!at || others.some((one) => one.at?.line === at.line && one.at.column === at.column)) return [];
    const place = { text: "", raw: "", before: "", at };
    return [lintFinding("dns/no-unknown-plugin", "error", problem.message, problem.hint, place)];
  }
}
