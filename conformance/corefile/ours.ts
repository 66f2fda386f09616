import { effectiveCorefile, parseCorefile, tokensOf } from "@ashlar/dns";
import type { ParserAnswer, ParserCase, ParserWord } from "./oracle.ts";

/** What our parser makes of a case, in the words of {@link ParserAnswer}. */
export function parseWithOurs({ text, files = {}, env = {}, directives }: ParserCase): ParserAnswer {
  const options = {
    env,
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [`/${path}`, content])),
  };
  const { value } = parseCorefile(text, { file: "/Corefile", ...options });
  const { blocks, problem } = effectiveCorefile(value, {
    ...options,
    ...(directives && { plugins: directives }),
  });
  // Keys are read after the parser.
  const words = problem?.words?.startsWith("error inspecting server blocks") ? "" : (problem?.words ?? "");
  const word = ({ text, at }: ReturnType<typeof tokensOf>[number]): ParserWord => ({
    file: at.file === "/Corefile" ? "" : at.file,
    line: at.line,
    text,
  });
  return {
    words: tokensOf(value).map(word),
    blocks: blocks.map(({ keys, plugins }) => ({
      keys: keys.map((key) => key.text),
      plugins: Object.fromEntries([...plugins].map(([name, words]) => [name, words.map(word)])),
    })),
    error: words,
    hangs: problem !== undefined && problem.words === undefined,
  };
}
