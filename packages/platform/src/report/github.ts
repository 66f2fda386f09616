import { type Finding, formatRef } from "@ashlar/core";
import type { CheckReport } from "../check.ts";
import { printable } from "./characters.ts";
import { plural } from "./text.ts";

export interface GithubOptions {
  /** The file that findings without a place are about: the platform file. Default: none. */
  readonly input?: string;
}

/**
 * A report as workflow commands of GitHub Actions, one line for each finding, and a line that sums it up:
 * `::error file=a.yaml,line=3,col=5,title=core/unique-resource::message`. Values are escaped as the runner unescapes them,
 * so that no text of a manifest becomes a command or a property of its own.
 *
 * Files are named as they were given: run the command in the root of the repository.
 */
export function githubReport({ findings, summary }: CheckReport, options: GithubOptions = {}): string {
  const total = `${plural(summary.objects, "object")}, ${plural(summary.errors, "error")}, ${plural(summary.warnings, "warning")}`;
  return `${[...findings.map((finding) => annotation(finding, options)), total].join("\n")}\n`;
}

function annotation(
  { severity, code, message, hint, path, subject, at }: Finding,
  { input }: GithubOptions,
): string {
  const properties = [
    ...(at
      ? [`file=${property(at.file)}`, `line=${at.line}`, `col=${at.column}`]
      : input === undefined
        ? []
        : [`file=${property(input)}`]),
    `title=${property(code)}`,
  ];
  const about = [subject && formatRef(subject), path].filter(Boolean).join(" ");
  const text = [message, ...(about === "" ? [] : [about]), hint].join("\n");
  return `::${severity} ${properties.join(",")}::${data(text)}`;
}

/** The value behind `::`, as documented: percent sign, CR and LF. Other control characters are shown as escapes. */
function data(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** The value of a property: colon and comma too. */
function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
