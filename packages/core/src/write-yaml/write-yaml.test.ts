import { describe, expect, it } from "vitest";
import { writeJsonList, writeYaml, writeYamlValue } from "./write-yaml.ts";

describe("writeYaml", () => {
  it("puts apiVersion, kind and metadata first and documents apart", () => {
    const service = {
      spec: { ports: [{ port: 80, name: "http" }], selector: {} },
      metadata: {
        annotations: { b: "1", a: "x" },
        labels: { app: "web" },
        uid: "u",
        namespace: "prod",
        name: "web",
      },
      kind: "Service",
      apiVersion: "v1",
    };
    expect(
      writeYaml([service, { kind: "Namespace", apiVersion: "v1", metadata: { name: "prod" } }]),
    ).toBe(`apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: prod
  labels:
    app: web
  annotations:
    b: "1"
    a: x
  uid: u
spec:
  ports:
  - port: 80
    name: http
  selector: {}
---
apiVersion: v1
kind: Namespace
metadata:
  name: prod
`);
    expect(Object.keys(service)).toEqual(["spec", "metadata", "kind", "apiVersion"]);
  });

  it("orders the items of a list, too, and nothing below", () => {
    const list = {
      items: [{ metadata: { name: "a" }, kind: "Pod", apiVersion: "v1" }],
      kind: "List",
      apiVersion: "v1",
    };
    expect(writeYaml([list])).toBe(`apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: a
`);
    expect(writeYamlValue({ kind: "A", apiVersion: "v1" })).toBe("kind: A\napiVersion: v1\n");
  });

  it("writes scripts and configurations as they are", () => {
    expect(
      writeYamlValue({
        run: "#!/bin/sh\nset -e\n\techo hi\n",
        corefile: ".:53 {\n    errors\n}",
        tail: "a\n\n\n",
      }),
    ).toBe(`run: |
  #!/bin/sh
  set -e
  \techo hi
corefile: |-
  .:53 {
      errors
  }
tail: |+
  a


`);
  });

  it("nests lists and mappings in every way", () => {
    expect(
      writeYamlValue([[1, [2, { a: [3], b: {} }], []], {}, { a: "x\ny\n", c: [[null]] }, true]),
    ).toBe(`- - 1
  - - 2
    - a:
      - 3
      b: {}
  - []
- {}
- a: |
    x
    y
  c:
  - - null
- true
`);
  });

  it.each([
    ["plain", "plain"],
    ["two words", "two words"],
    ["--flag=a,b", "--flag=a,b"],
    ["registry.example.com/web:1.2.3@sha256:abc", "registry.example.com/web:1.2.3@sha256:abc"],
    ["https://example.com/?q=1&r=2", "https://example.com/?q=1&r=2"],
    ["10Gi", "10Gi"],
    ["100m", "100m"],
    ["10.0.0.0/8", "10.0.0.0/8"],
    ["", '""'],
    ["on", '"on"'],
    ["y", '"y"'],
    ["NO", '"NO"'],
    ["Null", '"Null"'],
    ["1_000", '"1_000"'],
    ["0o755", '"0o755"'],
    ["1.36", '"1.36"'],
    ["1e3", '"1e3"'],
    ["2026-11-22", '"2026-11-22"'],
    ["12:30:00", '"12:30:00"'],
    ["-", '"-"'],
    ["---", '"---"'],
    ["a: b", '"a: b"'],
    ["a:", '"a:"'],
    ["a #b", '"a #b"'],
    [" a", '" a"'],
    ["a ", '"a "'],
    ["*", '"*"'],
    ["{a}", '"{a}"'],
    ["<<", '"<<"'],
    ["=", '"="'],
    ["é", '"é"'],
    ["a\u00a0b", '"a\\u00a0b"'],
    ["a\u2028b", '"a\\u2028b"'],
    ["\ufeff", '"\\ufeff"'],
    ["\x7f\x85", '"\\u007f\\u0085"'],
    [" a\nb", '" a\\nb"'],
    ["\n", '"\\n"'],
    ["a\r\nb", '"a\\r\\nb"'],
  ])("writes the text %j as %s", (text, yaml) => {
    expect(writeYamlValue({ k: text })).toBe(`k: ${yaml}\n`);
  });

  it.each([
    ["a.b/c-d", "a.b/c-d"],
    ["on", '"on"'],
    ["1", '"1"'],
    ["", '""'],
    ["a b", '"a b"'],
    ["<<", '"<<"'],
    ["-", '"-"'],
    ["...", '"..."'],
    ["__proto__", "__proto__"],
  ])("writes the key %j as %s", (key, yaml) => {
    expect(writeYamlValue(Object.fromEntries([[key, 1]]))).toBe(`${yaml}: 1\n`);
  });

  it("writes a key that is too long to be found by its colon with a question mark", () => {
    const key = "k".repeat(1025);
    expect(writeYamlValue({ [key]: { a: 1 }, b: { [key]: [1] } })).toBe(
      `? "${key}"\n:\n  a: 1\nb:\n  ? "${key}"\n  :\n  - 1\n`,
    );
  });

  it.each([
    [1e21, "1.0e+21"],
    [1.5e-7, "1.5e-7"],
    [-0, "0"],
    [0.1, "0.1"],
    [2 ** 53, "9007199254740992"],
  ])("writes the number %d as %s", (number, yaml) => {
    expect(writeYamlValue(number)).toBe(`${yaml}\n`);
  });

  it("leaves out what JSON.stringify leaves out, and honours toJSON", () => {
    const value = {
      a: undefined,
      b: [undefined],
      c: { d: undefined },
      e: new Date(0),
      f: { toJSON: () => ({ g: 1 }) },
    };
    expect(writeYamlValue(value)).toBe('b:\n- null\nc: {}\ne: "1970-01-01T00:00:00.000Z"\nf:\n  g: 1\n');
    expect(JSON.parse(writeJsonList([value])).items).toEqual([JSON.parse(JSON.stringify(value))]);
  });

  it("writes no anchors for parts that are shared", () => {
    const shared = { a: [1] };
    expect(writeYamlValue({ x: shared, z: shared })).toBe("x:\n  a:\n  - 1\nz:\n  a:\n  - 1\n");
  });

  it("writes nothing for nothing", () => {
    expect(writeYaml([])).toBe("");
    expect(JSON.parse(writeJsonList([]))).toEqual({ apiVersion: "v1", kind: "List", items: [] });
  });
});

describe("writeJsonList", () => {
  it("is a List, indented by two spaces, in the order of YAML", () => {
    expect(writeJsonList([{ metadata: { labels: {}, name: "a" }, kind: "Pod", apiVersion: "v1" }])).toBe(`{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {
      "apiVersion": "v1",
      "kind": "Pod",
      "metadata": {
        "name": "a",
        "labels": {}
      }
    }
  ]
}
`);
  });
});

describe("what JSON cannot hold", () => {
  const cycle: { a: { b: unknown[] } } = { a: { b: [] } };
  cycle.a.b.push(cycle.a);
  const deep = (levels: number) => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);

  it.each([
    ["NaN", { spec: { n: [Number.NaN] } }, "[0].spec.n[0], got NaN"],
    ["Infinity", { n: Number.POSITIVE_INFINITY }, "[0].n, got Infinity"],
    [
      "a function",
      { metadata: { labels: { "a.b/c": () => 1 } } },
      "[0].metadata.labels[a.b/c], got a function",
    ],
    ["a symbol", { n: Symbol("s") }, "[0].n, got a symbol"],
    ["a bigint", { n: 1n }, "[0].n, got a bigint"],
    ["a Map", { n: new Map() }, "[0].n, got a Map"],
    ["a cycle", cycle, "[0].a.b[0], got a cycle: an object inside itself"],
    [
      "half a surrogate pair",
      { n: "a\ud800" },
      "[0].n, got half of a surrogate pair, which UTF-8 cannot hold",
    ],
    [
      "half a surrogate pair in a text of lines",
      { n: "a\n\udc00" },
      "[0].n, got half of a surrogate pair, which UTF-8 cannot hold",
    ],
    [
      "half a surrogate pair as key",
      { "\ud800": 1 },
      "[0], got half of a surrogate pair, which UTF-8 cannot hold",
    ],
  ])("%s is a TypeError that names its path", (_, resource, message) => {
    for (const write of [writeYaml, writeJsonList]) {
      expect(() => write([resource])).toThrow(TypeError);
      expect(() => write([resource])).toThrow(message);
    }
  });

  it("is more than 500 levels", () => {
    expect(writeYaml([deep(500)])).toContain("- 1\n");
    for (const write of [writeYaml, writeJsonList])
      expect(() => write([deep(501)])).toThrow("too many levels of nesting");
    expect(() => writeYamlValue(deep(100_000))).toThrow(TypeError);
  });
});
