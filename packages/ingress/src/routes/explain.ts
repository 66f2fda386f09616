import { formatRef, type Place } from "@ashlar/core";
import type { UrlVerdict } from "./verdict.ts";

const WIDTH = 8;

/**
 * A verdict for people: the sentence, then one line for each step, with the place where it was written.
 *
 * @example
 * explainUrl(resolveUrl(model, "https://wiki.strix.kr/"));
 * // default/dokuwiki-dokuwiki:80 answers
 * //   host      wiki.strix.kr of Ingress default/wiki   apps.yaml:12:5
 * //   …
 */
export function explainUrl(verdict: UrlVerdict): string {
  const lines = verdict.steps.map(({ what, text, at }) => `  ${what.padEnd(WIDTH)}  ${text}${placeText(at)}`);
  const { outcome, break: stop } = verdict;
  const end =
    (outcome === "broken" || outcome === "unknown") && stop !== undefined
      ? [`  stops at: ${stop.text}${stop.ref ? ` (${formatRef(stop.ref)})` : ""}${placeText(stop.at)}`]
      : [];
  return [verdict.text, ...lines, ...end].join("\n");
}

function placeText(at: Place | undefined): string {
  return at === undefined ? "" : `   ${at.file}:${at.line}:${at.column}`;
}
