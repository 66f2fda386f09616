import type { Finding } from "@ashlar/core";
import type { Corefile } from "./ast.ts";

/**
 * Server blocks that are never closed in a file that CoreDNS takes all the same: it looks only whether the last word is a "}",
 * and takes that of a plugin's block.
 */
export function unclosedBlocks({ items }: Corefile): Finding[] {
  const findings: Finding[] = [];
  for (const item of items) {
    if (item.kind === "import" || !item.open || item.close) continue;
    const { file, line, column } = item.open.at;
    findings.push({
      code: "dns/valid-corefile",
      severity: "warning",
      message: `the brace of the block "${item.keys.map((key) => key.text).join(" ")}" is never closed; CoreDNS takes the last "}" of the file, which closes something else`,
      hint: 'write the missing "}" on a line of its own at the end of the block',
      path: "",
      at: { file, line, column },
    });
  }
  return findings;
}
