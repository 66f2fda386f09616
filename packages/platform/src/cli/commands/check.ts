import { type Claim, sortFindings } from "@ashlar/core";
import { textEdits } from "@ashlar/core/repair";
import { type CheckReport, check, withFindings } from "../../check.ts";
import { parseClaim } from "../../claims.ts";
import { NO_UNREAD_KIND } from "../../live/unread.ts";
import { NO_PROXY_BYPASS } from "../../proxy-bypass.ts";
import { applyBaseline, baselineOf } from "../../report/baseline.ts";
import { codeFrames, type TextOf } from "../../report/frames.ts";
import { githubReport } from "../../report/github.ts";
import { junitReport } from "../../report/junit.ts";
import { sarifReport } from "../../report/sarif.ts";
import { applySuppressions } from "../../report/suppress.ts";
import { SUPPRESSION_CODES } from "../../report/suppression.ts";
import { textReport } from "../../report/text.ts";
import { rules } from "../../rules.ts";
import type { Arguments } from "../arguments.ts";
import { loadBaseline, saveBaseline } from "../baseline-file.ts";
import { LIVE_OPTIONS } from "../cluster-options.ts";
import { type Command, NAMESPACE, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { type Io, UsageError } from "../io.ts";
import type { Loaded } from "../load.ts";
import { printJson } from "../output.ts";
import { SET_OPTIONS, withSetOptions } from "../set-options.ts";
import { loadSuppressions, today } from "../suppressions.ts";
import { plural } from "../text.ts";
import { rememberTexts } from "../texts.ts";
import { version } from "../version.ts";

export const checkCommand: Command = {
  name: "check",
  usage: "ashlar check [PATH...] [--claim CLAIM]... [--format FORMAT] [--baseline FILE] [options]",
  summary: "hold manifests against every rule, and claims against the model",
  details: `PATH is a platform file, or YAML and JSON files, folders, or - for standard input:

  ashlar check platform.ts
  helm template shop ./chart | ashlar check -
  kubectl get netpol,deploy,ns -A -o yaml | ashlar check - --claim "ns:dev -/-> ns:prod"
  ashlar check manifests/ --baseline known.json --write-baseline
  ashlar check platform.ts --live --context prod

A claim about a namespace or environment is proved for every pod that could exist there. Exit code: 0 clean,
1 findings that are neither suppressed nor in the baseline, 2 could not run.`,
  options: [
    {
      name: "claim",
      value: "CLAIM",
      multiple: true,
      help: 'to be proved: "ns:dev -/-> ns:prod : 80/TCP", "group:dev cannot get secrets"; repeatable',
    },
    ...SET_OPTIONS,
    {
      name: "pod-cidr",
      value: "CIDR",
      multiple: true,
      help: "a range that pods get their addresses from; may be repeated",
    },
    { name: "suppressions", value: "FILE", help: "findings to leave out and why: a YAML list" },
    { name: "baseline", value: "FILE", help: "count only findings that FILE does not hold" },
    { name: "write-baseline", help: "write what is found now to the file of --baseline" },
    NAMESPACE,
    {
      name: "format",
      value: "FORMAT",
      choices: ["text", "json", "sarif", "junit", "github"],
      help: "text (default), json, sarif (2.1.0), junit (XML) or github (annotations)",
    },
    PARAM,
    ...LIVE_OPTIONS,
  ],
  async run(args, io) {
    const { io: remembering, textOf } = rememberTexts(io);
    if (args.has("write-baseline") && !args.has("baseline"))
      throw new UsageError("--write-baseline does not say where", "add --baseline FILE");
    const loaded = await loadInput(args.positionals, args, remembering, { questions: CHECKED });
    const { resources, identity } = loaded.set;
    const documents = identity === undefined ? [] : Object.values(identity).flat();
    if (resources.length === 0 && documents.length === 0 && loaded.findings.length === 0)
      throw new UsageError(`${loaded.name} holds no object`, "check what wrote it: nothing was checked");
    const checked = checkLoaded(loaded, args, io);
    const report = withBaseline(checked, args, io);
    const codes = [...rules.map((rule) => rule.code), NO_PROXY_BYPASS, NO_UNREAD_KIND, ...SUPPRESSION_CODES];
    const input = platformFile(loaded);
    switch (args.get("format")) {
      case "json":
        printJson(io, jsonReport(report));
        break;
      case "sarif":
        io.out(
          sarifReport(report, {
            version: version(),
            rules: codes,
            edits: await editsOf(checked, textOf),
            ...input,
          }),
        );
        break;
      case "junit":
        io.out(junitReport(report, { rules: codes }));
        break;
      case "github":
        io.out(githubReport(report, input));
        break;
      default: {
        const suppressed = (checked.suppressed ?? []).map(({ finding }) => finding);
        const frame = codeFrames([...checked.findings, ...suppressed], textOf);
        io.out(textReport(report, { resources: loaded.set.resources, color: io.color, frame }));
      }
    }
    return report.findings.length > 0 ? 1 : 0;
  },
};

/** Of a cluster everything is read: rules look at all kinds. */
const CHECKED = ["rules", "network", "access", "dns", "routes", "pulls"] as const;

/** What the remedies change in the files. Values of Secrets are not shown, and a change may move them. */
function editsOf({ findings, suppressed = [] }: CheckReport, textOf: TextOf) {
  const fixable = [...findings, ...suppressed.map(({ finding }) => finding)].filter(
    ({ fix, subject }) => fix && subject?.kind !== "Secret",
  );
  const names = new Set(fixable.flatMap(({ at }) => at?.file ?? []));
  const files = [...names].flatMap((name) => {
    const text = textOf(name);
    return text === undefined ? [] : [{ name, text }];
  });
  return textEdits(files, fixable);
}

/** What findings without a place are about. */
function platformFile({ name, platform }: Loaded): { readonly input?: string } {
  if (platform === undefined) return {};
  return { input: /\.[cm]?[jt]s$/.test(name) ? name : `${name.replace(/[\\/]+$/, "")}/platform.ts` };
}

/** Findings of reading, of rules and of claims, without those that are suppressed. */
function checkLoaded(loaded: Loaded, args: Arguments, io: Io): CheckReport {
  const podCidrs = args.all("pod-cidr");
  const report = check({
    ...withSetOptions(loaded.set, args),
    claims: [...(loaded.set.claims ?? []), ...claimsOf(loaded, args)],
    ...(podCidrs.length > 0 && { podCidrs }),
  });
  const { suppressions, findings } = loadSuppressions(loaded, args.get("suppressions"), io);
  const all = [...loaded.findings, ...findings];
  const complete = all.length > 0 ? withFindings(report, sortFindings([...all, ...report.findings])) : report;
  return suppressions.length > 0 ? applySuppressions(complete, suppressions, today()) : complete;
}

function claimsOf({ set }: Loaded, args: Arguments): Claim[] {
  const { environments = {}, groups } = set;
  const words = { environments, groups: groups?.names ?? [], groupsPrefix: groups?.prefix ?? "" };
  return args.all("claim").map((text) => {
    const claim = parseClaim(text, { ...words, by: "--claim" });
    if (claim.ok) return claim.value;
    throw new UsageError(`--claim "${text}": ${claim.findings[0]?.message}`, claim.findings[0]?.hint);
  });
}

/** The report without what the baseline holds; with `--write-baseline`, all that is found now becomes the baseline. */
function withBaseline(report: CheckReport, args: Arguments, io: Io): CheckReport {
  const file = args.get("baseline");
  if (file === undefined) return report;
  const before = loadBaseline(file, io);
  if (!args.has("write-baseline")) {
    if (before === undefined)
      throw new UsageError(`--baseline ${file} does not exist`, "add --write-baseline to write it");
    return applyBaseline(report, before);
  }
  const entries = baselineOf(report.findings);
  saveBaseline(file, entries, io);
  const count = entries.reduce((sum, entry) => sum + entry.count, 0);
  const fixed = before === undefined ? [] : (applyBaseline(report, before).baseline?.fixed ?? []);
  const gone = fixed.reduce((sum, entry) => sum + entry.count, 0);
  io.err(
    `wrote ${file}: ${plural(count, "finding")}${gone > 0 ? `; ${plural(gone, "finding")} of before fixed` : ""}\n`,
  );
  return applyBaseline(report, entries);
}

function jsonReport({ findings, summary, suppressed, baseline }: CheckReport) {
  return { findings, summary, ...(suppressed && { suppressed }), ...(baseline && { baseline }) };
}
