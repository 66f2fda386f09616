import { type AccessMatrix, accessCell, formatAccessResource } from "@ashlar/iam";
import { printable } from "./characters.ts";

/** What one subject may do with one resource in one namespace; only where that is anything. */
export interface AccessRight {
  readonly subject: string;
  /** Empty: the cluster as a whole. */
  readonly namespace: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

/** A matrix as data: what was asked about, and every right that is there. */
export function accessRights(matrix: AccessMatrix): {
  readonly subjects: readonly string[];
  readonly namespaces: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly rights: readonly AccessRight[];
} {
  const subjects = matrix.subjects.map(({ label }) => label);
  const resources = matrix.resources.map(formatAccessResource);
  const rights = matrix.namespaces.flatMap((namespace, n) =>
    subjects.flatMap((subject, s) =>
      resources.flatMap((resource, r) => {
        const verbs = verbsAt(matrix, s, r, n);
        return verbs.length > 0 ? [{ subject, namespace, resource, verbs }] : [];
      }),
    ),
  );
  return { subjects, namespaces: matrix.namespaces, resources, verbs: matrix.verbs, rights };
}

/** One table for the cluster and one for each namespace, resources down and subjects across; CSV: one line for each cell. */
export function accessTable(matrix: AccessMatrix, format: "text" | "markdown" | "csv" | "html"): string {
  if (format === "csv") return csv(matrix);
  const tables = matrix.namespaces.map((namespace, n) => ({
    title: namespace === "" ? "the cluster, and every namespace" : namespace,
    rows: rowsOf(matrix, n),
  }));
  return { text: textTables, markdown: markdownTables, html: htmlTables }[format](tables);
}

interface Table {
  readonly title: string;
  /** The first row is the heading. */
  readonly rows: readonly (readonly string[])[];
}

const READ = ["get", "list", "watch"];
const WRITE = ["create", "update", "patch", "delete", "deletecollection"];
const WIDTH = 110;

function rowsOf(matrix: AccessMatrix, namespace: number): string[][] {
  const heading = ["", ...matrix.subjects.map(({ label }) => printable(label))];
  const rows = matrix.resources.map((resource, r) => [
    printable(formatAccessResource(resource)),
    ...matrix.subjects.map((_, s) => cellText(verbsAt(matrix, s, r, namespace), matrix.verbs)),
  ]);
  return [heading, ...rows];
}

function verbsAt(matrix: AccessMatrix, subject: number, resource: number, namespace: number): string[] {
  return matrix.verbs.filter((_, v) => accessCell(matrix, subject, resource, v, namespace));
}

/** `all`, `read`, `read, write`, `get, create`, or `·`. */
function cellText(allowed: readonly string[], asked: readonly string[]): string {
  if (allowed.length === 0) return "·";
  if (allowed.length === asked.length) return "all";
  const left = new Set(allowed);
  const words: string[] = [];
  for (const [word, verbs] of [
    ["read", READ],
    ["write", WRITE],
  ] as const)
    if (verbs.every((verb) => left.has(verb))) {
      words.push(word);
      for (const verb of verbs) left.delete(verb);
    }
  return [...words, ...[...left].map(printable)].join(", ");
}

function textTables(tables: readonly Table[]): string {
  return tables.map(({ title, rows }) => `${printable(title)}\n${textTable(rows)}`).join("\n");
}

/** Columns that do not fit beside each other stand below, with the first column again. */
function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]?.length ?? 0)));
  const first = widths[0] ?? 0;
  const blocks: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let c = 1; c < widths.length; c++) {
    const width = (widths[c] ?? 0) + 2;
    if (used + width > WIDTH) {
      blocks.push([]);
      used = first + 2;
    }
    blocks.at(-1)?.push(c);
    used += width;
  }
  const line = (row: readonly string[], columns: readonly number[]) =>
    `  ${[0, ...columns].map((c) => (row[c] ?? "").padEnd(widths[c] ?? 0)).join("  ")}`.trimEnd();
  return `${blocks.map((columns) => rows.map((row) => line(row, columns)).join("\n")).join("\n\n")}\n`;
}

function markdownTables(tables: readonly Table[]): string {
  return tables
    .map(({ title, rows: [heading = [], ...rows] }) => {
      const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(" | ")} |`;
      const rule = `|${heading.map(() => "---|").join("")}`;
      return `### ${markdownText(title)}\n\n${[line(heading), rule, ...rows.map(line)].join("\n")}\n`;
    })
    .join("\n");
}

function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#&]/g, (c) => `\\${c}`);
}

function htmlTables(tables: readonly Table[]): string {
  return tables
    .map(({ title, rows: [heading = [], ...rows] }) => {
      const head = heading.map((text) => `<th scope="col">${htmlText(text)}</th>`).join("");
      const body = rows.map(
        ([first = "", ...cells]) =>
          `<tr><th scope="row">${htmlText(first)}</th>${cells.map((text) => `<td>${htmlText(text)}</td>`).join("")}</tr>`,
      );
      return `<table>\n<caption>${htmlText(title)}</caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join("\n")}\n</tbody>\n</table>\n`;
    })
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function htmlText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is set off by an apostrophe. */
function csv(matrix: AccessMatrix): string {
  const lines = ["subject,namespace,resource,verb,allowed"];
  matrix.namespaces.forEach((namespace, n) => {
    matrix.subjects.forEach(({ label }, s) => {
      matrix.resources.forEach((resource, r) => {
        matrix.verbs.forEach((verb, v) => {
          const cells = [label, namespace, formatAccessResource(resource), verb];
          lines.push([...cells.map(csvText), accessCell(matrix, s, r, v, n) ? "yes" : "no"].join(","));
        });
      });
    });
  });
  return `${lines.join("\r\n")}\r\n`;
}

function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
