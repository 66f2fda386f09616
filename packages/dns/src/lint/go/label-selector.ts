import { isLabelKey, isLabelValue } from "@ashlar/core";

/** `=`, `==`, `!=`, brackets and so on, or a word. */
const TOKEN = /\s*(?:(==|!=|[=!<>(),])|([^\s=!<>(),]+)|$)/y;

/**
 * Whether the API's reader of label selectors takes a text where only equality and sets may stand (`a=b,c in (d,e),!f`), as the
 * kubernetes plugin's `labels` does (apimachinery labels.ParseToRequirements, metav1.ParseToLabelSelector).
 */
export function isLabelSelector(text: string): boolean {
  const tokens = tokenize(text);
  let at = 0;
  const accept = (token: string): boolean => tokens[at] === token && ++at > 0;
  const ends = (): boolean => at >= tokens.length || tokens[at] === ",";
  const isWord = (token: string | undefined): boolean => token !== undefined && !/^[=!<>(),]/.test(token);

  if (tokens.length === 0) return true;
  do {
    const absent = accept("!");
    const key = tokens[at++];
    if (!isWord(key) || !isLabelKey(key!)) return false;
    if (absent || ends()) continue;
    const operator = tokens[at++]!;
    if (operator === "in" || operator === "notin") {
      if (!readSet()) return false;
    } else if (operator === "=" || operator === "==") {
      if (ends()) continue;
      const value = tokens[at++];
      if (!isWord(value) || !isLabelValue(value!)) return false;
    } else return false; // <, > and != are read, and then not supported here
  } while (accept(","));
  return at === tokens.length;

  /** `(a,b)`; a comma without a word stands for the empty value, but `()` is refused. */
  function readSet(): boolean {
    if (!accept("(") || tokens[at] === ")") return false;
    while (at < tokens.length) {
      if (accept(")")) return true;
      if (accept(",")) continue;
      const value = tokens[at++]!;
      if (!isWord(value) || !isLabelValue(value) || (tokens[at] !== "," && tokens[at] !== ")")) return false;
    }
    return false;
  }
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const token = match[1] ?? match[2];
    if (token === undefined) break;
    tokens.push(token);
  }
  return tokens;
}
