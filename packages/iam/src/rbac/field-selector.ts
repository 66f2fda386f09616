/**
 * The name that a field selector demands: `metadata.name=x` → `x`; empty when it demands none, or when it cannot be read
 * (apimachinery/pkg/fields: terms `field=value`, `==` or `!=` separated by commas, `\` before `,`, `=` and `\` in values).
 */
export function exactName(selector: string): string {
  let exact: string | undefined;
  for (const term of termsOf(selector).sort()) {
    if (term === "") continue;
    const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    const value = parts === null ? undefined : unescaped(parts[3]!);
    if (value === undefined) return "";
    if (parts![1] === "metadata.name" && parts![2] !== "!=") exact ??= value;
  }
  return exact ?? "";
}

function termsOf(selector: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < selector.length; at++) {
    if (selector[at] === "\\") at++;
    else if (selector[at] === ",") {
      terms.push(selector.slice(start, at));
      start = at + 1;
    }
  }
  return [...terms, selector.slice(start)];
}

function unescaped(value: string): string | undefined {
  if (!/^(?:[^\\,=]|\\[\\,=])*$/s.test(value)) return undefined;
  return value.replace(/\\([\\,=])/gs, "$1");
}
