import type { Protocol } from "./normal.ts";

/** An inclusive range of ports of one protocol. */
export interface PortRange {
  readonly protocol: Protocol;
  readonly from: number;
  readonly to: number;
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
