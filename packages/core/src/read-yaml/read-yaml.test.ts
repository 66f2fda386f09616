import { describe, expect, it } from "vitest";
import { mergeLocates, readYaml } from "./read-yaml.ts";

const read = (text: string | Uint8Array) => readYaml(text, { file: "f.yaml" });
const HEAD = "apiVersion: v1\nkind: Widget\nmetadata: {name: web}\n";

/** Code, severity and `line:column path` of each finding. */
function told(text: string | Uint8Array): string[] {
  return read(text).findings.map(
    ({ code, severity, at, path }) => `${severity} ${code} ${at?.line}:${at?.column}${path && ` ${path}`}`,
  );
}

describe("resources", () => {
  it("are the objects of all documents, as plain JSON", () => {
    const { resources, findings } = read(
      `# first\n---\n${HEAD}on: off\n---\n\n--- # empty above\n${HEAD.replace("web", "db")}`,
    );
    expect(findings).toEqual([]);
    expect(resources).toEqual([
      { apiVersion: "v1", kind: "Widget", metadata: { name: "web" }, true: false },
      { apiVersion: "v1", kind: "Widget", metadata: { name: "db" } },
    ]);
  });

  it.each(["", "\n", "# nothing\n", "---\n", "---\n---\n", "null\n", " \n\t\n".replace("\t", "")])(
    "are none in %j, which is fine",
    (text) => {
      expect(read(text)).toMatchObject({ resources: [], findings: [] });
    },
  );

  it("come from JSON, from several JSON values, and from YAML after JSON", () => {
    const json = (name: string) => `{"apiVersion":"v1","kind":"Widget","metadata":{"name":"${name}"}}`;
    const names = (text: string) => read(text).resources.map(({ metadata }) => metadata.name);
    expect(names(`\n ${json("a")}\n${json("b")}${json("c")}`)).toEqual(["a", "b", "c"]);
    expect(
      names(`${json("a")}\n---\n${HEAD}---\n{apiVersion: v1, kind: Widget, metadata: {name: c}}`),
    ).toEqual(["a", "web", "c"]);
  });

  it("are the items of lists, which lend them apiVersion and kind", () => {
    const { resources, findings } = read(
      "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Service, metadata: {name: b}}]}\n",
    );
    expect(findings).toEqual([]);
    expect(resources).toEqual([
      { metadata: { name: "a" }, apiVersion: "v1", kind: "Pod" },
      { apiVersion: "v1", kind: "Service", metadata: { name: "b" } },
    ]);
    expect(read("apiVersion: v1\nkind: List\nitems: []\n")).toMatchObject({ resources: [], findings: [] });
    expect(read("apiVersion: v1\nkind: PodList\nitems:\n")).toMatchObject({ resources: [], findings: [] });
  });

  it("keep __proto__ as data", () => {
    const { resources } = read(
      `${HEAD}__proto__: {polluted: true}\nconstructor: 1\nm: {<<: {__proto__: 2}}\n`,
    );
    const [resource] = resources;
    expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
    expect(Object.entries(resource!).slice(3)).toEqual([
      ["__proto__", { polluted: true }],
      ["constructor", 1],
      ["m", Object.defineProperty({}, "__proto__", { value: 2, enumerable: true })],
    ]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("share no parts, though aliases repeat them", () => {
    const [resource] = read(`${HEAD}a: &a {x: [1]}\nb: *a\nc: {<<: *a}\n`).resources;
    const { a, b, c } = resource as unknown as Record<string, { x: number[] }>;
    expect(b).toEqual({ x: [1] });
    expect(c).toEqual({ x: [1] });
    expect(b).not.toBe(a);
    expect(b!.x).not.toBe(a!.x);
    expect(c!.x).not.toBe(a!.x);
  });

  it("have what is merged in the order in which it is written, as kubectl merges", () => {
    const [resource] = read(
      `${HEAD}base: &b {k: 1, j: 1}\nbefore: {<<: *b, k: 2}\nafter: {k: 2, <<: *b}\nfirst: {<<: [{k: 3}, *b]}\n`,
    ).resources;
    expect(resource).toMatchObject({ before: { k: 2, j: 1 }, after: { k: 1, j: 1 }, first: { k: 3, j: 1 } });
  });

  it("come from the documents without errors", () => {
    const { resources } = read(`${HEAD}---\na: [\n---\n${HEAD.replace("web", "db")}`);
    expect(resources.map(({ metadata }) => metadata.name)).toEqual(["web", "db"]);
  });
});

describe("findings", () => {
  it.each([
    ["a syntax error", `${HEAD}spec:\n  a: b: c\n`, ["error core/valid-yaml 5:7"]],
    ["a bracket left open", `${HEAD}spec: [1, 2\n`, ["error core/valid-yaml 5:1"]],
    ["a quote left open", `${HEAD}spec: "x\n`, ["error core/valid-yaml 4:7"]],
    ["a line without colon", `${HEAD}spec\n`, ["error core/valid-yaml 4:1"]],
    ["a tab as indentation", `${HEAD}spec:\n\ta: b\n`, ["error core/no-tab 5:1"]],
    ["an unknown alias", `${HEAD}spec: *nobody\n`, ["error core/valid-yaml 4:7"]],
    ["a directive", `%YAML 1.2\n---\n${HEAD}`, ["error core/valid-yaml 1:1"]],
    ["text after ---", `${HEAD}--- {a: b}\n`, ["error core/valid-yaml 4:4"]],
    ["broken JSON", '{"apiVersion": "v1",\n "kind": "A" "B"}', ["error core/valid-yaml 2:14"]],
    ["a duplicate key", `${HEAD}spec:\n  a: 1\n  b: 2\n  "a": 3\n`, ["error core/unique-key 7:3 spec.a"]],
    ["keys that become equal", `${HEAD}m:\n  1: a\n  0x1: b\n`, ['error core/unique-key 6:3 m["1"]']],
    ["bytes that are no text", new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0x0a]), ["error core/valid-utf8 1:4"]],
    ["half a surrogate pair", "a: \ud800\n", ["error core/valid-utf8 1:4"]],
    ["NUL", "a: b\nc: \0\n", ["error core/no-control-character 2:4"]],
    ["an escape character", "a: \x1b[31m\n", ["error core/no-control-character 1:4"]],
    ["an alias inside itself", `${HEAD}a: &a [*a]\n`, ["error core/no-alias-bomb 4:8 a[0][0]"]],
    ["infinity", `${HEAD}a: .inf\n`, ["error core/valid-yaml 4:4 a"]],
    ["a tag that does not fit", `${HEAD}a: !!int x\n`, ["error core/valid-yaml 4:4 a"]],
    ["a mapping as key", `${HEAD}a: {{b: c}: d}\n`, ["error core/valid-yaml 4:5 a"]],
    ["a merge of a scalar", `${HEAD}a: {<<: b}\n`, ["error core/valid-yaml 4:9 a"]],
    ["a list as document", "- a\n", ["error core/valid-object 1:1"]],
    ["a scalar as document", "hello\n", ["error core/valid-object 1:1"]],
    ["no kind", "apiVersion: v1\nmetadata: {name: a}\n", ["error core/valid-object 1:1 kind"]],
    ["no apiVersion", "kind: A\nmetadata: {name: a}\n", ["error core/valid-object 1:1 apiVersion"]],
    ["no metadata", "apiVersion: v1\nkind: A\n", ["error core/valid-object 1:1 metadata"]],
    [
      "no name",
      "apiVersion: v1\nkind: A\nmetadata:\n  labels: {}\n",
      ["error core/valid-object 3:1 metadata.name"],
    ],
    [
      "a number as name",
      "apiVersion: v1\nkind: A\nmetadata:\n  name: 12\n",
      ["error core/valid-object 4:3 metadata.name"],
    ],
    ["generateName instead", "apiVersion: v1\nkind: A\nmetadata: {generateName: a-}\n", []],
    [
      "a broken item of a list",
      "apiVersion: v1\nkind: List\nitems:\n- kind: A\n  metadata: {name: a}\n",
      ["error core/valid-object 4:3 items[0].apiVersion"],
    ],
    ["a template in a value", `${HEAD}spec: {{ .Values.spec }}\n`, ["error core/no-template 4:7 spec"]],
    ["a template line", `{{- if .x }}\n${HEAD}{{- end }}\n`, ["error core/no-template 1:1"]],
    [
      "a template in a name",
      HEAD.replace("web", '"{{ .Release.Name }}"'),
      ["error core/no-template 3:12 metadata.name"],
    ],
    ["templates in data, which are fine", `${HEAD}data: {rule: "{{ $labels.pod }}"}\n`, []],
    ["a second document without ---", `${HEAD}...\n${HEAD}`, ["warning core/no-ignored-text 5:1"]],
    [
      "an integer that doubles cannot hold",
      `${HEAD}a: 9007199254740993\n`,
      ["warning core/exact-number 4:4 a"],
    ],
  ])("%s", (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it("say expected, got and what to write instead", () => {
    const { findings } = read(`${HEAD}spec: {a: 1, a: 2}\n`);
    expect(findings).toEqual([
      {
        code: "core/unique-key",
        severity: "error",
        message: 'expected each key once, got "a" again: kubectl takes the last one and drops the others',
        hint: 'remove one of the two, or merge their values under one "a"',
        path: "spec.a",
        subject: { apiVersion: "v1", kind: "Widget", name: "web" },
        at: { file: "f.yaml", line: 4, column: 14 },
        related: [{ message: '"a" is here first', at: { file: "f.yaml", line: 4, column: 8 } }],
      },
    ]);
  });

  it("name the item of a list that they are about, with the path in it", () => {
    const [finding] = read(
      `apiVersion: v1\nkind: List\nitems:\n- ${HEAD.replaceAll("\n", "\n  ").trimEnd()}\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n    labels:\n      env: on\n`,
    ).findings;
    expect(finding).toMatchObject({
      path: "metadata.labels.env",
      subject: { kind: "Pod", name: "a" },
      at: { line: 12, column: 12 },
    });
  });
});

describe("a scalar that readers of YAML 1.1 and 1.2 take differently", () => {
  it("is a warning that names both readings, and stays what kubectl reads", () => {
    const { resources, findings } = read(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  labels:\n    env: on\n",
    );
    expect(resources[0]!.metadata.labels).toEqual({ env: true });
    expect(findings).toMatchObject([
      {
        code: "core/no-ambiguous-scalar",
        severity: "warning",
        path: "metadata.labels.env",
        at: { line: 6, column: 10 },
        message:
          'expected text at metadata.labels.env, got on: kubectl (YAML 1.1) reads it as the boolean true, a YAML 1.2 reader as the string "on"',
        hint: 'put it in quotes: "on"',
      },
    ]);
  });

  it.each([
    ["metadata.annotations.a", `${HEAD.replace("{name: web}", "{name: web, annotations: {a: yes}}")}`],
    ["data.MODE", `${HEAD}data: {MODE: 0755}\n`],
    ["spec.containers[0].env[0].value", `${HEAD}spec: {containers: [{env: [{name: n, value: no}]}]}\n`],
    ["spec.containers[0].args[1]", `${HEAD}spec: {containers: [{args: [--x, 1_000]}]}\n`],
    ["spec.selector.matchLabels.a", `${HEAD}spec: {selector: {matchLabels: {a: off}}}\n`],
    [
      "spec.selector.matchExpressions[0].values[0]",
      `${HEAD}spec: {selector: {matchExpressions: [{key: a, operator: In, values: [off]}]}}\n`,
    ],
  ])("at %s", (path, text) => {
    expect(
      read(text)
        .findings.filter(({ code }) => code === "core/no-ambiguous-scalar")
        .map((f) => f.path),
    ).toContain(path);
  });

  it.each([
    ["in quotes", `${HEAD}data: {MODE: "0755"}\n`],
    ["where both read the same", `${HEAD}data: {PORT: 8080}\n`],
    ["where no text is expected", `${HEAD}spec: {hostNetwork: yes, defaultMode: 0755}\n`],
    ["in the values of a chart", `${HEAD}spec: {values: [yes]}\n`],
  ])("is nothing %s", (_, text) => {
    expect(read(text).findings).toEqual([]);
  });
});

describe("locate", () => {
  const text = `# policies
apiVersion: v1
kind: Widget
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
base: &base
  port: 80
spec:
  ingress:
  - from:
    - podSelector: {}
    - {namespaceSelector: {}}
  use:
    <<: *base
    own: 1
  alias: *base
---
{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "Widget", "metadata": {"name": "json"}}
]}
`;
  const { resources, locate } = read(text);
  const at = (index: number, path: string) => {
    const place = locate(resources[index]!, path);
    return place && `${place.file}:${place.line}:${place.column}`;
  };

  it.each([
    ["", "f.yaml:2:1"],
    ["metadata.name", "f.yaml:5:3"],
    ["metadata.labels[app.kubernetes.io/name]", "f.yaml:7:5"],
    ["spec.ingress[0]", "f.yaml:12:5"],
    ["spec.ingress[0].from[1]", "f.yaml:14:7"],
    ["spec.ingress[0].from[1].namespaceSelector", "f.yaml:14:8"],
    ["spec.use.port", "f.yaml:9:3"],
    ["spec.use.own", "f.yaml:17:5"],
    ["spec.alias.port", "f.yaml:9:3"],
    ["spec.ingress[0].ports[3].port", "f.yaml:12:5"],
    ["spec.ingress[7]", "f.yaml:11:3"],
    ["status.phase", "f.yaml:2:1"],
  ])("%s is at %s", (path, place) => {
    expect(at(0, path)).toBe(place);
  });

  it("finds fields of items of lists and of JSON", () => {
    expect(at(1, "metadata.name")).toBe("f.yaml:21:55");
    expect(at(1, "")).toBe("f.yaml:21:3");
  });

  it("does not know objects of others, unless it is merged", () => {
    const other = readYaml(HEAD, { file: "other.yaml" });
    expect(locate(other.resources[0]!, "kind")).toBeUndefined();
    const both = mergeLocates(locate, other.locate);
    expect(both(other.resources[0]!, "kind")).toEqual({ file: "other.yaml", line: 2, column: 1 });
    expect(both(resources[0]!, "kind")).toEqual({ file: "f.yaml", line: 3, column: 1 });
    expect(both({}, "kind")).toBeUndefined();
  });

  it.each([
    ["LF", "\n"],
    ["CR LF", "\r\n"],
    ["CR", "\r"],
  ])("counts lines that end with %s", (_, end) => {
    const file = read(`${HEAD}a: 1\n`.replaceAll("\n", end));
    expect(file.locate(file.resources[0]!, "a")).toEqual({ file: "f.yaml", line: 4, column: 1 });
  });

  it("does not count a byte order mark as a column", () => {
    const file = read(`\ufeff${HEAD}`);
    expect(file.locate(file.resources[0]!, "apiVersion")).toEqual({ file: "f.yaml", line: 1, column: 1 });
  });
});
