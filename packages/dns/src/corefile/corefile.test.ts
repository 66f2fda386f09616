import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Directive, ServerBlock } from "./ast.ts";
import { tokensOf } from "./ast.ts";
import { editCorefile } from "./edit.ts";
import { effectiveCorefile, zoneClashes } from "./effective.ts";
import { formatCorefile } from "./format.ts";
import { parseCorefile } from "./parse.ts";
import { printCorefile } from "./print.ts";
import { buildCorefile } from "./write.ts";

const KUBEADM = `.:53 {
    errors
    # how long to wait
    health {
       lameduck 5s
    }
    kubernetes cluster.local in-addr.arpa ip6.arpa { # ours
       pods insecure
    }
    forward . /etc/resolv.conf   "a b"
    cache 30
}
`;

const pieces = fc.array(
  fc.constantFrom(
    ...'{ } {\n }\n \n # import (s) " \\ , . a {$A} \r log forward'.split(" "),
    " ",
    '"a b"',
    "\ufeff",
    "\u2028",
    "é",
    "\ud800",
  ),
  { maxLength: 40 },
);
const texts = fc.oneof(
  pieces.map((parts) => parts.join("")),
  pieces.map((parts) => parts.join(" ")),
  fc.string({ unit: "binary" }),
);

const server = (text: string): ServerBlock => parseCorefile(text).value.items[0] as ServerBlock;
const printed = (result: ReturnType<typeof editCorefile>): string =>
  result.ok ? printCorefile(result.value) : JSON.stringify(result.findings);

describe("parse and print", () => {
  it("gives back the same text and the same tree", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { value } = parseCorefile(text);
        expect(printCorefile(value)).toBe(text);
        expect(parseCorefile(printCorefile(value)).value).toEqual(value);
      }),
      { seed: 6, numRuns: 3000 },
    );
  });

  it("has keys, directives, blocks and places", () => {
    const { keys, body, close } = server(KUBEADM);
    expect(keys.map((key) => key.text)).toEqual([".:53"]);
    const kubernetes = body[2] as Directive;
    expect(kubernetes.args.map((arg) => arg.text)).toEqual(["cluster.local", "in-addr.arpa", "ip6.arpa"]);
    expect(kubernetes.block?.body.map((item) => tokensOf(item).map((token) => token.text))).toEqual([
      ["pods", "insecure"],
    ]);
    expect((body[3] as Directive).args.at(-1)).toMatchObject({
      text: "a b",
      raw: '"a b"',
      at: { line: 10, column: 34 },
    });
    expect(close?.at).toEqual({ file: "Corefile", line: 12, column: 1, offset: KUBEADM.length - 2 });
  });

  it("takes deep nesting and long lines in time that grows with the text", () => {
    for (const text of [
      "a {\n".repeat(200_000),
      "{".repeat(500_000),
      '"\\'.repeat(300_000),
      "a,".repeat(300_000),
      "#\n".repeat(300_000),
      "{ ".repeat(300_000),
    ]) {
      const start = performance.now();
      expect(printCorefile(parseCorefile(text).value)).toBe(text);
      expect(performance.now() - start).toBeLessThan(5000);
    }
  });

  it("warns of a server block that another brace seems to close", () => {
    expect(parseCorefile(". {\nforward . 1.1.1.1 {\nexpire 10s\n}\n").findings).toMatchObject([
      { severity: "warning", at: { line: 1 } },
    ]);
  });
});

describe("format", () => {
  it("changes white space alone, once", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const formatted = formatCorefile(text);
        expect(formatCorefile(formatted)).toBe(formatted);
        const shape = (of: string) => {
          const { servers, problem } = effectiveCorefile(parseCorefile(of).value, { env: {}, files: {} });
          return [
            problem?.message,
            servers.map(({ keys, plugins }) => [
              keys.map((key) => key.text),
              [...plugins].map(([name, words]) => [name, words.map((word) => word.text)]),
            ]),
          ];
        };
        expect(shape(formatted)).toEqual(shape(text));
        const letters = (of: string) => of.replace(/\s+/g, "");
        expect(letters(formatted)).toBe(letters(text));
      }),
      { seed: 6, numRuns: 3000 },
    );
  });

  it("lays a file out as usual", () => {
    expect(
      formatCorefile("\n\n.:53   {\n\n\nerrors # x\n# y\n\thealth {\nlameduck 5s\n\n\n}\n\n\n\ncache 30}\n}"),
    ).toBe(".:53 {\n    errors # x\n    # y\n    health {\n        lameduck 5s\n    }\n\n    cache 30}\n}\n");
  });
});

describe("build", () => {
  it("writes one word for every value, or refuses it", () => {
    const hostile = fc.oneof(
      texts,
      fc.constantFrom("{", "}", "import", "a\\", 'a\\" b', "a\\\\ b", '"', "", "a\n}\nb {", "{$HOME}"),
    );
    let [built, refused] = [0, 0];
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, arg, comment) => {
        const text = buildCorefile([
          {
            keys: ["."],
            comment,
            directives: [{ name: "log", args: [arg, "b"], comment, block: [{ name, args: [arg] }] }],
          },
        ]);
        if (!text.ok) {
          refused++;
          return;
        }
        built++;
        const { value, findings } = parseCorefile(text.value, { env: {} });
        expect(findings).toEqual([]);
        const [block] = effectiveCorefile(value, { env: {} }).servers;
        expect(block?.plugins.get("log")?.map((word) => word.text)).toEqual([
          "log",
          arg,
          "b",
          "{",
          name,
          arg,
          "}",
        ]);
        expect([...block!.plugins.keys()]).toEqual(["log"]);
      }),
      { seed: 6, numRuns: 3000 },
    );
    expect(built).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });

  it.each([["a,"], ["(a)"], ["import"], ["{"], [""], ["a b:x:"], ["::/0"]])("refuses the key %j", (key) => {
    const built = buildCorefile([{ keys: [key], directives: [] }]);
    expect(!built.ok && built.findings[0]?.path).toBe("[0].keys[0]");
  });
});

describe("edit", () => {
  const tree = parseCorefile(KUBEADM).value;
  const [block] = tree.items as [ServerBlock];
  const [errors, health, , forward] = block.body as Directive[];

  it("renames, sets arguments, removes and adds, and leaves the rest", () => {
    const edited = editCorefile(tree, [
      { kind: "remove", node: errors! },
      { kind: "set-arguments", directive: forward!, args: [".", "8.8.8.8"] },
      { kind: "add", to: block, directives: [{ name: "loop" }], after: forward! },
      { kind: "add", to: health!, directives: [{ name: "x", args: ["y z"] }] },
      { kind: "add", to: block, directives: [{ name: "reload", block: [{ name: "a" }] }] },
      { kind: "set-keys", server: block, keys: ["example.test", "."] },
      { kind: "add-servers", servers: [{ keys: ["b.test"], directives: [{ name: "whoami" }] }] },
    ]);
    expect(printed(edited)).toBe(
      KUBEADM.replace("    errors\n", "")
        .replace('/etc/resolv.conf   "a b"\n', "8.8.8.8\n    loop\n")
        .replace("lameduck 5s\n", 'lameduck 5s\n       x "y z"\n')
        .replace("cache 30\n}\n", "cache 30\n    reload {\n        a\n    }\n}\n\nb.test {\n    whoami\n}\n")
        .replace(".:53 {", "example.test . {"),
    );
  });

  it("replaces a directive, makes a block, and goes before another", () => {
    const edited = editCorefile(tree, [
      { kind: "replace", node: health!, with: [{ name: "ready" }, { name: "health" }] },
      { kind: "add", to: forward!, directives: [{ name: "max_concurrent", args: ["1000"] }] },
      { kind: "add", to: block, directives: [{ name: "log" }], before: errors! },
    ]);
    expect(printed(edited)).toBe(
      KUBEADM.replace("health {\n       lameduck 5s\n    }", "ready\n    health")
        .replace('"a b"\n', '"a b" {\n        max_concurrent 1000\n    }\n')
        .replace("    errors", "    log\n    errors"),
    );
  });

  it("refuses what cannot be written, and two changes of one word", () => {
    const cases = [
      editCorefile(tree, [{ kind: "rename", directive: errors!, name: "}" }]),
      editCorefile(tree, [
        { kind: "remove", node: health! },
        { kind: "rename", directive: health!, name: "x" },
      ]),
    ];
    expect(cases.map((result) => !result.ok && result.findings[0]?.code)).toEqual([
      "dns/valid-corefile",
      "dns/valid-corefile",
    ]);
  });
});

describe("the effective Corefile", () => {
  it("has the zones of keys and finds those served twice", () => {
    const { servers } = effectiveCorefile(
      parseCorefile("a.Test 10.0.0.0/23 {\nlog\n}\na.test:53 {\nlog\n}\ntls://a.test {\nlog\n}\n").value,
    );
    expect(servers[0]?.addresses.map(({ zone }) => zone)).toEqual([
      "a.test.",
      "0.0.10.in-addr.arpa.",
      "1.0.10.in-addr.arpa.",
    ]);
    expect(zoneClashes(servers).map(({ address }) => address.key.token.at.line)).toEqual([4]);
  });

  it("guards against an environment that leads back to itself", () => {
    const { problem } = effectiveCorefile(parseCorefile("{$A} {\nlog\n}\n").value, { env: { A: "{$A}" } });
    expect(problem).toMatchObject({ at: { line: 1, column: 1 } });
    expect(problem?.words).toBeUndefined();
  });
});
