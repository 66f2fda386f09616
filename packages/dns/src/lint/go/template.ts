/** Functions that the templates of CoreDNS's template plugin may call: those of text/template, and parseInt. */
const FUNCTIONS = new Set(
  "and break call continue eq ge gt html index js le len lt ne not or parseInt print printf println slice urlquery".split(
    " ",
  ),
);

/** What opens a part that `end` closes. */
const OPENING = new Set(["if", "range", "with", "block", "define"]);

/**
 * What Go's text/template finds wrong with a text, if anything: actions that are not closed, `end` and `else` without a beginning,
 * strings that do not end, unknown functions, variables that are not declared.
 *
 * Not found: wrong use of commas, pipes and brackets inside an action beyond their balance.
 */
export function templateMistake(text: string): string | undefined {
  const open: string[] = [];
  const variables = new Set(["$"]);
  let at = 0;
  for (;;) {
    const start = text.indexOf("{{", at);
    if (start < 0) break;
    const trimmed = /^\{\{(?:- )?[\s]*\/\*/.exec(text.slice(start, start + 40));
    if (trimmed) {
      const end = text.indexOf("*/", start);
      const close = /^(?:\s-)?\}\}/.exec(text.slice(end + 2));
      if (end < 0 || !close) return "a comment {{/* that is not closed";
      at = end + 2 + close[0].length;
      continue;
    }
    const action = readAction(text, start + 2);
    if (typeof action === "string") return action;
    at = action.end;
    const mistake = checkAction(action.words, open, variables);
    if (mistake) return mistake;
  }
  return open.length > 0 ? `{{${open.at(-1)}}} has no {{end}}` : undefined;
}

/** The words of an action, strings left out, and where it ends. */
function readAction(text: string, start: number): { words: string[]; end: number } | string {
  const words: string[] = [];
  const token =
    /\s+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|\}\}|-\}\}|:=|[(),|=]|[$.]?[\p{L}\p{N}_.$]+|[+-]?[0-9][\w.+-]*|[.$]|-(?=\s|[0-9])/uy;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [part] = match;
    if (part === "}}" || part === "-}}") {
      if (depth > 0) return "a bracket ( in {{ }} that is not closed";
      return { words, end: token.lastIndex };
    }
    if (part === "(") depth++;
    if (part === ")" && --depth < 0) return "a bracket ) in {{ }} that closes nothing";
    if (part === "-") continue;
    words.push(/^["`']/.test(part) ? '""' : part);
  }
  return "{{ is not closed, or holds a sign that Go's templates do not know";
}

function checkAction(all: readonly string[], open: string[], variables: Set<string>): string | undefined {
  const words = all.filter((word) => word.trim() !== "");
  const [first] = words;
  if (first === undefined) return "an empty {{ }}";
  if (first === "end") {
    if (words.length > 1) return "words after end in {{ }}";
    return open.pop() === undefined ? "{{end}} ends nothing" : undefined;
  }
  if (first === "else" && open.length === 0) return "{{else}} without {{if}}";
  if (first === "template" || first === "block" || first === "define") {
    if (words[1] !== '""') return `{{${first}}} without the name of a template in quotes`;
  }
  const control = OPENING.has(first);
  if (control && words.length === 1) return `{{${first}}} without a value`;
  if (control) open.push(first);
  const keywords = new Set([
    "if",
    "else",
    "range",
    "with",
    "template",
    "block",
    "define",
    "nil",
    "true",
    "false",
  ]);
  for (const [i, word] of words.entries()) {
    const declares = words[i + 1] === ":=" || (words[i + 1] === "," && words[i + 3] === ":=");
    if (/^\$\w/.test(word)) {
      const [name = ""] = word.split(".");
      if (declares) variables.add(name);
      else if (!variables.has(name)) return `no variable ${name} in {{ }}`;
    } else if (/^[\p{L}_]/u.test(word)) {
      const [name = ""] = word.split(".");
      if (!keywords.has(name) && !FUNCTIONS.has(name)) return `no function "${name}" in {{ }}`;
    }
  }
  return undefined;
}
