/** A word of a claim, its quotes taken off, with the column (from 1) at which it starts. */
export interface Word {
  readonly text: string;
  readonly column: number;
  readonly isQuoted: boolean;
}

/** Words between spaces; double quotes hold spaces together, with `\` before a quote inside: `group:"site team"`. */
export function splitWords(text: string): Word[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\.)*"|[^\s"]|")+/gs)].map((match) => {
    const isQuoted = match[0].includes('"');
    return { text: isQuoted ? unquoted(match[0]) : match[0], column: match.index + 1, isQuoted };
  });
}

function unquoted(word: string): string {
  return word.replace(/"(?:[^"\\]|\\.)*"/gs, (part) => {
    try {
      return String(JSON.parse(part));
    } catch {
      return part;
    }
  });
}
