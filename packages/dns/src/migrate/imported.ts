import type { Finding } from "@ashlar/core";
import { type Corefile, type Import, tokensOf } from "../corefile/ast.ts";
import { effectiveCorefile } from "../corefile/effective.ts";
import type { Environment } from "../corefile/environment.ts";
import { livesIn, pluginEntry } from "../plugins/table.ts";

/** Imports are read and never written: says which of them have to be migrated by themselves, or were not looked at. */
export function importedWords(
  tree: Corefile,
  {
    to,
    file,
    files,
    env,
  }: {
    readonly to: string;
    readonly file: string;
    readonly files?: Readonly<Record<string, string>>;
    readonly env?: Environment;
  },
): Finding[] {
  if (!files) return unknownImports(tree);
  const { blocks } = effectiveCorefile(tree, { files, ...(env && { env }) });
  const seen = new Set<string>();
  return blocks.flatMap(({ plugins }) =>
    [...plugins].flatMap(([name, words]) => {
      const entry = pluginEntry(name);
      return words.flatMap(({ text, at }) => {
        if (at.file === file || !entry) return [];
        const life = text === name ? entry : entry.options.find((option) => option.name === text);
        const key = `${at.file}:${at.offset}`;
        if (!life || livesIn(life, to) || seen.has(key)) return [];
        seen.add(key);
        return {
          code: "dns/no-migration",
          severity: "error" as const,
          message: `the imported file ${at.file} has "${text}", which CoreDNS ${to} has not`,
          hint: "put the file's lines into the Corefile, then migrate",
          path: "",
          at: { file: at.file, line: at.line, column: at.column },
        };
      });
    }),
  );
}

function unknownImports(tree: Corefile): Finding[] {
  const snippets = new Set(tree.items.flatMap((item) => (item.kind === "snippet" ? [item.name] : [])));
  const bodies = tree.items.flatMap((item) => (item.kind === "import" ? [item] : item.body));
  return bodies
    .filter((item): item is Import => item.kind === "import")
    .filter(({ args }) => args.length === 1 && !snippets.has(args[0]!.text))
    .map((item) => {
      const { file, line, column } = tokensOf(item)[0]!.at;
      return {
        code: "dns/no-migration",
        severity: "warning",
        message: `the file of "import ${item.args[0]!.text}" is not given, so what is in it was not looked at`,
        hint: "give the file, or see that its words are ones of the new release",
        path: "",
        at: { file, line, column },
      };
    });
}
