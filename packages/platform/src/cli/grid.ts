/** A square table of one-character cells: who (rows) reaches whom (columns). */
export interface Grid {
  readonly names: readonly string[];
  /** One character, without colour. */
  readonly cell: (row: number, column: number) => string;
  /** Colours a cell's character, or a heading. */
  readonly paint: (text: string, kind: "cell" | "heading") => string;
}

/**
 * The table as text of at most `width` columns: columns are numbered as the rows are, and stand in several blocks when
 * they do not fit beside each other. Long names are cut in the middle.
 */
export function formatGrid({ names, cell, paint }: Grid, width = 80): string {
  const digits = String(names.length).length;
  const nameWidth = Math.min(Math.max(...names.map((n) => n.length), 4), Math.floor(width / 2));
  const left = digits + 1 + nameWidth + 1;
  const perBlock = Math.max(1, Math.floor((width - left) / (digits + 1)));
  const blocks: string[] = [];
  for (let start = 0; start < names.length; start += perBlock) {
    const columns = Array.from({ length: Math.min(perBlock, names.length - start) }, (_, i) => start + i);
    const heading = `${"from ↓  to →".slice(0, left).padEnd(left)}${columns.map((c) => ` ${String(c + 1).padStart(digits)}`).join("")}`;
    const rows = names.map((name, row) => {
      const label = `${String(row + 1).padStart(digits)} ${shorten(name, nameWidth).padEnd(nameWidth)} `;
      return label + columns.map((c) => `${" ".repeat(digits)}${paint(cell(row, c), "cell")}`).join("");
    });
    blocks.push([paint(heading, "heading"), ...rows].join("\n"));
  }
  return blocks.join("\n\n");
}

function shorten(name: string, width: number): string {
  if (name.length <= width) return name;
  const head = Math.ceil((width - 1) / 2);
  return `${name.slice(0, head)}…${name.slice(name.length - (width - 1 - head))}`;
}
