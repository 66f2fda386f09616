/** What one bench found: a part of docs/benchmarks.md. */
export interface Section {
  readonly title: string;
  /** Markdown: what was compared, and the figures. */
  readonly text: string;
  /** Targets that were not met and answers that differ; empty when all is well. */
  readonly failures: readonly string[];
}

/** A Markdown table, its columns aligned as the formatter aligns them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** `1,745,000` */
export function count(n: number): string {
  return Math.round(n).toLocaleString("en-US");
}

/** Two significant figures and a unit that fits: `0.34 s`, `5.1 ms`. */
export function seconds(s: number): string {
  if (s >= 100) return `${count(s)} s`;
  return s >= 0.1 ? `${Number(s.toPrecision(2))} s` : `${Number((s * 1000).toPrecision(2))} ms`;
}

/** How many times faster, in two figures: `6,300×`. */
export function ratio(slow: number, fast: number): string {
  const factor = Number((slow / fast).toPrecision(2));
  return `${factor < 10 ? factor : count(factor)}×`;
}

/** The time of one call, in seconds. */
export function timeOnce(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The time of each of `runs` calls, in seconds, after the code has run for a second: Node compiles what is used often. */
export function timeWarm(runs: number, work: () => unknown): readonly number[] {
  const warm = performance.now() + 1000;
  do work();
  while (performance.now() < warm);
  return Array.from({ length: runs }, () => timeOnce(work));
}
