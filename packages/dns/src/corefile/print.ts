import { type CorefileNode, tokensOf } from "./ast.ts";

/**
 * The text of a tree, byte for byte what was parsed: white space, comments and quotes included. Of a part of a tree: its text
 * from its first word to its last.
 */
export function printCorefile(node: CorefileNode): string {
  const tokens = tokensOf(node);
  if (node.kind === "corefile") return tokens.map(({ before, raw }) => before + raw).join("") + node.end;
  return tokens.map(({ before, raw }, i) => (i === 0 ? raw : before + raw)).join("");
}
