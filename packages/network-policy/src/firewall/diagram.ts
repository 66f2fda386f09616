import { type Finding, suggest } from "@ashlar/core";
import type { Protocol } from "../policy/normal.ts";

/** Ports of an arrow: an inclusive range of one protocol. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
}

/** One allowed direction. `ports` absent: every port. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly ports?: readonly PortRange[];
}

export interface ParsedDiagram {
  /** One entry for each ordered pair that is drawn, in order of first mention; several lines of one pair are merged. */
  readonly arrows: readonly Arrow[];
  readonly findings: readonly Finding[];
}

const ARROW = /<->|->|<-/;
const CODE = "network-policy/valid-diagram";

/**
 * Reads a diagram of environments. Grammar, a line (or part between `;`) each:
 * `name (arrow name)* [: port, port …]`, with arrow `<->`, `->` or `<-`, and ports `5432/TCP`, `8000-8100/TCP` or `UDP`
 * (every port of it); the ports hold for all arrows of the line. `#` starts a comment.
 *
 * @example parseDiagram("prod <-> common <-> dev\ndev -> prod : 5432/TCP", ["common", "prod", "dev"])
 */
export function parseDiagram(text: string, environments: readonly string[]): ParsedDiagram {
  const known = new Set(environments);
  const findings: Finding[] = [];
  const arrows = new Map<string, Arrow>();
  const reported = new Set<string>();
  const report = (line: number, message: string, hint: string) => {
    if (reported.has(message)) return;
    reported.add(message);
    findings.push({ code: CODE, severity: "error", message: `line ${line}: ${message}`, hint, path: "" });
  };

  text.split("\n").forEach((raw, index) => {
    const line = index + 1;
    const withoutComment = raw.replace(/#.*/s, "");
    for (const part of withoutComment.split(";")) {
      if (part.trim() === "") continue;
      const colon = part.indexOf(":");
      const route = colon < 0 ? part : part.slice(0, colon);
      const ports = colon < 0 ? undefined : parsePorts(part.slice(colon + 1), (m, h) => report(line, m, h));
      const names = route.split(ARROW).map((name) => name.trim());
      const signs = [...route.matchAll(new RegExp(ARROW, "g"))].map((m) => m[0]);
      for (const name of names) {
        if (name === "")
          report(line, `an arrow of "${part.trim()}" has no environment at one end`, `write "a -> b"`);
        else if (!known.has(name)) report(line, `unknown environment "${name}"`, suggest(name, environments));
      }
      if (colon >= 0 && signs.length === 0)
        report(line, `"${part.trim()}" gives ports to no arrow`, `write "a -> b : 5432/TCP"`);
      signs.forEach((sign, i) => {
        const [left, right] = [names[i] as string, names[i + 1] as string];
        if (sign !== "<-") addArrow(arrows, left, right, ports);
        if (sign !== "->") addArrow(arrows, right, left, ports);
      });
    }
  });
  if (findings.length > 0) return { arrows: [], findings };
  return { arrows: [...arrows.values()], findings };
}

/** Arrows of one pair add up; one without ports opens all of them. */
function addArrow(
  arrows: Map<string, Arrow>,
  from: string,
  to: string,
  ports: readonly PortRange[] | undefined,
): void {
  const key = JSON.stringify([from, to]);
  const before = arrows.get(key);
  if (!before) arrows.set(key, ports ? { from, to, ports } : { from, to });
  else if (!ports || !before.ports) arrows.set(key, { from, to });
  else arrows.set(key, { from, to, ports: normalPorts([...before.ports, ...ports]) });
}

/** A list of ports as written: `5432/TCP, 8000-8100/TCP, UDP`; a number alone is TCP, as in the API. */
export function parsePorts(
  text: string,
  report: (message: string, hint: string) => void,
): readonly PortRange[] {
  const ranges: PortRange[] = [];
  for (const word of text.split(",").map((w) => w.trim())) {
    const match =
      /^(?:(\d{1,9})(?:-(\d{1,9}))?)?(?:(?<=\d)\/|(?<!\d))(TCP|UDP|SCTP)?$/.exec(word) ??
      /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(word);
    if (!match || word === "") {
      report(
        `"${word}" is no port`,
        `write 5432/TCP, 8000-8100/TCP, or a protocol alone (UDP) for all of its ports`,
      );
      continue;
    }
    const protocol = (match[3] ?? "TCP") as Protocol;
    const from = match[1] === undefined ? 1 : Number(match[1]);
    const to = match[1] === undefined ? 65535 : Number(match[2] ?? match[1]);
    if (from < 1 || to > 65535) report(`port "${word}" is out of range`, "ports go from 1 to 65535");
    else if (from > to)
      report(`port range "${word}" ends before it starts`, `write ${to}-${from}/${protocol}`);
    else ranges.push({ protocol, from, to });
  }
  return normalPorts(ranges);
}

/** Sorted by protocol and port, overlapping and touching ranges joined. */
export function normalPorts(ranges: readonly PortRange[]): readonly PortRange[] {
  const sorted = [...ranges].sort(
    (a, b) => (a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : 0) || a.from - b.from,
  );
  const joined: PortRange[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last && last.protocol === range.protocol && range.from <= last.to + 1)
      joined[joined.length - 1] = { ...last, to: Math.max(last.to, range.to) };
    else joined.push(range);
  }
  return joined;
}

/** `5432/TCP`, `8000-8100/UDP`, `UDP` for all of its ports. */
export function formatPort({ protocol, from, to }: PortRange): string {
  if (from === 1 && to === 65535) return protocol;
  return `${from === to ? from : `${from}-${to}`}/${protocol}`;
}
