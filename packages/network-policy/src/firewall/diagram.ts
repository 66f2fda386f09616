import { type Finding, suggest } from "@ashlar/core";
import { normalPorts, type PortRange, parsePorts } from "../policy/ports.ts";

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
