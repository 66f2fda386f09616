import type { Finding } from "@ashlar/core";
import type { CorefileToken } from "../../corefile/ast.ts";
import { namesEnvironment } from "../../corefile/environment.ts";
import { isIp, zonesOf } from "../go/addresses.ts";
import { parseDuration } from "../go/numbers.ts";
import { lintFinding } from "../lint-finding.ts";
import { type LintServer, type LintSubject, type Statement, statements } from "../statements.ts";

/** Words that CoreDNS takes for something that nobody means. */
export function words({ servers }: LintSubject): Finding[] {
  return servers.flatMap((server) => [
    ...[...server.block.plugins.values()].flatMap(repeatedWords),
    ...keys(server),
    ...[...server.block.plugins.values()].flatMap((tokens) => tokens.flatMap(comments)),
    ...ZONE_ARGUMENTS.flatMap(([plugin, skip]) =>
      statements(server, plugin).flatMap(({ args }) =>
        args.slice(skip).flatMap((arg) => zoneArgument(plugin, arg)),
      ),
    ),
    ...statements(server, "hosts").flatMap(hostsEntries),
  ]);
}

/** Plugins whose words on the line are zones, after the number of words given. */
const ZONE_ARGUMENTS: readonly (readonly [plugin: string, skip: number])[] = [
  ["cache", 0],
  ["log", 0],
  ["kubernetes", 0],
  ["dnssec", 0],
  ["transfer", 0],
  ["secondary", 0],
  ["hosts", 1],
  ["file", 1],
];

const LEVELS = new Set([
  "all",
  "success",
  "denial",
  "error",
  "errors",
  "debug",
  "info",
  "warning",
  "stdout",
  "stderr",
]);

function zoneArgument(plugin: string, token: CorefileToken): Finding[] {
  const { text } = token;
  if (
    namesEnvironment(text) ||
    /^[0-9]+$/.test(text) ||
    (plugin === "log" && text.includes("{") && text.includes("}"))
  )
    return [];
  const swallowed = (message: string, hint: string) => [
    lintFinding("dns/no-swallowed-word", "warning", `${plugin}: ${message}`, hint, token),
  ];
  if (parseDuration(text) !== undefined)
    return swallowed(
      `"${text}" is read as a zone, so it holds for no name that is asked`,
      `write seconds without a unit: "${Math.round(parseDuration(text)!)}"`,
    );
  if (/[{}]/.test(text)) return swallowed(`"${text}" is read as a zone`, "put white space around braces");
  if (plugin === "log" && LEVELS.has(text))
    return swallowed(
      `"${text}" is read as a zone`,
      `write a block: log . { class ${text === "errors" ? "error" : text} } on lines of its own`,
    );
  if (zonesOf(text).length === 0)
    return swallowed(`"${text}" is no zone, and left out`, "write a domain name");
  return [];
}

/** `#` inside a word starts a comment that ends at the next white space. */
function comments({ raw, text }: CorefileToken, i: number, tokens: readonly CorefileToken[]): Finding[] {
  if (raw.startsWith('"') || !raw.includes("#")) return [];
  return [
    lintFinding(
      "dns/no-swallowed-word",
      "warning",
      `the comment after "${text}" ends at the next white space; what follows it on the line counts again`,
      "put white space before the #, or quotes around the word",
      tokens[i],
    ),
  ];
}

/** A snippet that holds a plugin of one line, imported twice: the words of the second are arguments of the first. */
function repeatedWords(tokens: readonly CorefileToken[]): Finding[] {
  const [name] = tokens;
  const again = tokens.slice(1).find(({ at }) => at.offset === name!.at.offset && at.file === name!.at.file);
  if (!again) return [];
  return [
    lintFinding(
      "dns/no-repeated-snippet",
      "warning",
      `the line "${name!.text} …" is imported twice into one server block; CoreDNS may join the second to the first`,
      "import the snippet or file once",
      name,
    ),
  ];
}

function keys({ block }: LintServer): Finding[] {
  return block.keys.flatMap(({ text, token }) => {
    if (/[{}]/.test(text.replace(/\{[$%][^}]*\}/g, "")))
      return [
        lintFinding(
          "dns/no-swallowed-word",
          "warning",
          `the key "${text}" holds a brace`,
          "put white space before the brace",
          token,
        ),
      ];
    const bare = text.replace(/^[a-z0-9]+:\/\//, "");
    if (!isIp(bare)) return [];
    return [
      lintFinding(
        "dns/no-swallowed-word",
        "warning",
        `the key "${text}" is an address, which is read as a name${bare.includes(":") ? " and a port" : ""}`,
        "write a domain name, or a block of addresses: 10.0.0.0/8; bind says on which address to listen",
        token,
      ),
    ];
  });
}

function hostsEntries({ options }: Statement): Finding[] {
  const known = new Set(["fallthrough", "fallthrough_unsupported", "no_reverse", "ttl", "reload"]);
  return options
    .filter(({ name }) => !known.has(name.text) && !isIp(name.text.replace(/%[^%]*$/, "")))
    .map(({ name }) =>
      lintFinding(
        "dns/no-swallowed-word",
        "warning",
        `hosts: the line "${name.text} …" begins with no address and is left out`,
        "write ADDRESS NAME…, or one of fallthrough, no_reverse, ttl, reload",
        name,
      ),
    );
}
