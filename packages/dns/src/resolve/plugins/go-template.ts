/** What a template of the template plugin may speak of. */
export interface TemplateData {
  readonly fields: Readonly<Record<string, string>>;
  readonly match: readonly string[];
  readonly group: Readonly<Record<string, string>>;
}

type Part = (data: TemplateData) => string | undefined;

/**
 * Reads a template of Go's text/template as far as zone entries use it: text, `{{ .Name }}`, `{{ .Group.host }}`, `{{ index .Match 1 }}`,
 * `{{ index .Group "host" }}`, comments and `{{-` trims. `undefined`: it has more than that.
 */
export function readTemplate(text: string): ((data: TemplateData) => string | undefined) | undefined {
  const parts: Part[] = [];
  let rest = text;
  let trims = false;
  for (;;) {
    const open = rest.indexOf("{{");
    let before = open < 0 ? rest : rest.slice(0, open);
    if (trims) before = before.trimStart();
    const action = open < 0 ? undefined : /^\{\{(-(?=\s))?([^{}]*?)(-)?\}\}/.exec(rest.slice(open));
    if (open >= 0 && !action) return undefined;
    const words = action ? before.trimEnd() : before;
    const literal = action?.[1] ? words : before;
    parts.push(() => literal);
    if (!action) return (data) => joined(parts.map((part) => part(data)));
    const part = actionOf(action[2]!.trim());
    if (!part) return undefined;
    parts.push(part);
    trims = action[3] === "-";
    rest = rest.slice(open + action[0].length);
  }
}

function actionOf(text: string): Part | undefined {
  if (/^\/\*[\s\S]*\*\/$/.test(text)) return () => "";
  const field = /^\.([A-Z][A-Za-z]*)$/.exec(text)?.[1];
  if (field !== undefined) return ({ fields }) => fields[field];
  const group =
    /^\.Group\.([A-Za-z_][A-Za-z0-9_]*)$/.exec(text) ?? /^index\s+\.Group\s+"([^"\\]*)"$/.exec(text);
  if (group) return (data) => (Object.hasOwn(data.group, group[1]!) ? data.group[group[1]!] : "<no value>");
  const index = /^index\s+\.Match\s+([0-9]{1,4})$/.exec(text);
  if (index) return ({ match }) => match[Number(index[1])];
  const question = /^\.Question\.Name$/.exec(text);
  return question ? ({ fields }) => fields.Name : undefined;
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join("");
}
