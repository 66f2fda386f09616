import type { Block, Finding, Result } from "@ashlar/core";

/** What one key of the platform file becomes. */
export interface Part {
  /** The block's path → the platform's: `groups.developer.cluster` is `groups.developer.cluster` there too. */
  readonly path: (path: string) => string;
  readonly built: Result<Block>;
}

/** The blocks of parts, and every finding under the key that it is about. */
export function joinParts(parts: readonly Part[]): {
  readonly blocks: Block[];
  readonly findings: Finding[];
} {
  const findings = parts.flatMap(({ built, path }) =>
    built.ok ? [] : built.findings.map((finding) => ({ ...finding, path: path(finding.path) })),
  );
  return { blocks: parts.flatMap(({ built }) => (built.ok ? [built.value] : [])), findings };
}
