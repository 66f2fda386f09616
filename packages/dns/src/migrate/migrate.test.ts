import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { type MigrateCorefileOptions, migrateCorefile } from "./migrate.ts";

/** The body of a `.` block before and after; nothing that default Corefiles gained is added. */
function bodyAfter(body: string, options: MigrateCorefileOptions): string {
  const { value, findings } = migrateCorefile(`. {\n${body}}\n`, { defaults: "leave", ...options });
  if (!value) throw new Error(JSON.stringify(findings));
  return value.text.replace(/^\. \{\n/, "").replace(/\}\n$/, "");
}

const refusal = (text: string, options: MigrateCorefileOptions) => {
  const { value, findings } = migrateCorefile(text, options);
  expect(value).toBeUndefined();
  expect(findings.every(({ severity }) => severity === "error")).toBe(true);
  return findings;
};

const losses = (text: string, options: MigrateCorefileOptions) =>
  migrateCorefile(text, options).findings.filter(({ code }) => code === "dns/no-changed-meaning");

describe("the platform's Corefile of 2018", () => {
  const folder = join(import.meta.dirname, "cases");
  const before = readFileSync(join(folder, "strix-2018.before.corefile"), "utf8");
  const cases: Record<string, MigrateCorefileOptions> = {
    "strix-2018": { from: "1.1.3", to: "1.15", federation: "drop" },
    "strix-2018-upstream": { to: "v1.15.0-eksbuild.1", federation: "drop", upstream: "forward" },
  };

  it.each(Object.entries(cases))("%s becomes today's, each step explained", (name, options) => {
    const { value, findings } = migrateCorefile(before, options);
    const { text, steps, ...rest } = value!;
    const report = [
      ...steps.map(
        ({ version, at, what, why, lost, before: old, after }) =>
          `${at.line}:${at.column} ${version} ${what}\n  why  ${why}\n${lost ? `  lost ${lost}\n` : ""}${[
            ...old.map((line) => `  - ${line}\n`),
            ...after.map((line) => `  + ${line}\n`),
          ].join("")}`,
      ),
      ...findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}\n`),
      `${JSON.stringify(rest)}\n`,
    ].join("\n");
    for (const [kind, got] of [
      ["after.corefile", text],
      ["steps.txt", report],
    ] as const) {
      const file = join(folder, `${name}.${kind}`);
      if (process.env.UPDATE) writeFileSync(file, got);
      expect(existsSync(file) ? readFileSync(file, "utf8") : undefined).toBe(got);
    }
  });

  it("is refused as it is, for the federation, and nothing else is said", () => {
    const findings = refusal(before, { to: "1.15" });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: "dns/no-migration",
      at: { file: "Corefile", line: 12, column: 5 },
      hint: expect.stringContaining('federation: "drop"'),
    });
    expect(migrateCorefile(before, { to: "1.6.9", from: "1.1.3" }).value?.text).toContain("federation");
  });
});

describe("proxy", () => {
  const block = (options: string, to = "8.8.8.8") => `    proxy . ${to} {\n${options}    }\n`;
  const after = (options: string, to?: string) =>
    bodyAfter(block(options, to), { from: "1.3.1", to: "1.5.0" });

  test.each([
    ["        policy round_robin\n", "    forward . 8.8.8.8 {\n        policy round_robin\n    }\n"],
    ["        policy first\n", "    forward . 8.8.8.8 {\n        policy sequential\n    }\n"],
    ["        policy least_conn\n", "    forward . 8.8.8.8\n"],
    ["        protocol dns\n", "    forward . 8.8.8.8\n"],
    ["        protocol dns force_tcp # slow\n", "    forward . 8.8.8.8 {\n        force_tcp # slow\n    }\n"],
    ["        max_fails 0\n", "    forward . 8.8.8.8 {\n        max_fails 0\n    }\n"],
    ["        max_fails 3\n        spray\n", "    forward . 8.8.8.8\n"],
    ["        spray # all\n", "    forward . 8.8.8.8 {\n        # all\n    }\n"],
    [
      '        except a.test "b.test"\n        fail_timeout 3s\n',
      '    forward . 8.8.8.8 {\n        except a.test "b.test"\n    }\n',
    ],
    ["        protocol grpc\n", "    grpc . 8.8.8.8 {\n        tls\n    }\n"],
    ["        protocol grpc insecure\n", "    grpc . 8.8.8.8\n"],
    [
      "        protocol grpc cert.pem key.pem ca.pem\n",
      "    grpc . 8.8.8.8 {\n        tls cert.pem key.pem ca.pem\n    }\n",
    ],
    [
      "        protocol grpc\n        protocol dns force_tcp\n",
      "    forward . 8.8.8.8 {\n        force_tcp\n    }\n",
    ],
  ])("with %j", (options, expected) => {
    expect(after(options)).toBe(expected);
  });

  test.each([
    ["        policy nearest\n", 'the policy "nearest"'],
    ["        protocol https_google\n", "plain text"],
    ["        protocol dns quickly\n", 'the protocol "dns quickly"'],
    ["        colour blue\n", 'the option "colour"'],
    ["        import x\n", "import"],
  ])("with %j is refused", (options, message) => {
    const findings = refusal(`. {\n${block(options)}}\n`, { from: "1.3.1", to: "1.5.0" });
    expect(findings.map((finding) => finding.message).join()).toContain(message);
    expect(findings[0]!.at?.line).toBe(3);
  });

  it("has at most 15 upstreams", () => {
    const some = (count: number) => Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}`).join(" ");
    expect(bodyAfter(`    proxy . ${some(15)}\n`, { from: "1.3.1", to: "1.15" })).toBe(
      `    forward . ${some(15)}\n`,
    );
    expect(refusal(`. {\n    proxy . ${some(16)}\n}\n`, { from: "1.3.1", to: "1.15" })[0]!.message).toContain(
      "16",
    );
    expect(bodyAfter(`    proxy . ${some(16)}\n`, { from: "1.3.1", to: "1.4.0" })).toContain("proxy");
  });

  it("says what is lost, and only that", () => {
    const lost = (options: string) =>
      losses(`. {\n${block(options)}}\n`, { from: "1.3.1", to: "1.5.0", defaults: "leave" });
    for (const same of [
      "policy first",
      "policy random",
      "protocol dns force_tcp",
      "spray",
      "except a.test",
      "max_fails 0",
    ])
      expect(lost(`        ${same}\n`)).toEqual([]);
    for (const [other, word] of [
      ["policy least_conn", "fewest open queries"],
      ["fail_timeout 3s", "fail_timeout 3s"],
      ["health_check /health:8080", "DNS queries"],
      ["max_fails 5", "max_fails 5"],
    ])
      expect(lost(`        ${other}\n`).map(({ message }) => message)).toEqual([
        expect.stringContaining(word!),
      ]);
  });
});

describe("stub domains", () => {
  const own = (zone: string, to: string) =>
    `\n${zone} {\n    forward . ${to}\n    loop\n    errors\n    cache 30\n}\n`;

  it("get blocks of their own, adjacent ones too, with their comments", () => {
    const text =
      ". {\n    proxy a.test 10.0.0.1 # a\n    proxy b.test 10.0.0.2\n    # c\n    proxy c.test 10.0.0.3\n    proxy . 10.0.0.4\n}\n";
    const { value } = migrateCorefile(text, { from: "1.3.1", to: "1.6.0" });
    expect(value!.text).toBe(
      `. {\n    # c\n    forward . 10.0.0.4\n}\n${own("a.test", "10.0.0.1 # a")}${own("b.test", "10.0.0.2")}${own("c.test", "10.0.0.3")}`,
    );
    expect(value!.steps.map(({ at }) => at.line)).toEqual([2, 3, 5, 6, 2, 3, 5]);
  });

  it("keep the ports of their block", () => {
    const text = ".:53 .:5353 {\n    proxy a.test 10.0.0.1\n    proxy . 10.0.0.4\n}\n";
    expect(migrateCorefile(text, { from: "1.3.1", to: "1.6.0" }).value!.text).toBe(
      `.:53 .:5353 {\n    forward . 10.0.0.4\n}\n${own("a.test a.test:5353", "10.0.0.1")}`,
    );
  });

  it("stand before a block without braces", () => {
    const text = ".\n    proxy a.test 10.0.0.1\n    proxy . 10.0.0.4\n";
    expect(migrateCorefile(text, { from: "1.3.1", to: "1.6.0" }).value!.text).toBe(
      "a.test {\n    forward . 10.0.0.1\n    loop\n    errors\n    cache 30\n}\n\n.\n    forward . 10.0.0.4\n",
    );
  });

  test.each([
    ["hosts", "    hosts {\n        10.0.0.9 x.a.test\n        fallthrough\n    }\n"],
    ["kubernetes", "    kubernetes cluster.test\n    proxy test 10.0.0.7\n"],
    ["same zone", "    proxy a.test 10.0.0.8\n"],
    ["port", "    proxy b.test:53 10.0.0.8\n"],
  ])("stay in the block where a block of their own would change answers: %s", (_, line) => {
    const text = `. {\n${line}    proxy . 10.0.0.4\n    proxy a.test 10.0.0.1 # a\n}\n`;
    const [finding] = refusal(text, { from: "1.3.1", to: "1.9.4" });
    expect(finding!.hint).toContain("1.10.0");
    const { value } = migrateCorefile(text, { from: "1.3.1", to: "1.10.0", defaults: "leave" });
    const zones = [...value!.text.matchAll(/forward (\S+)/g)].map(
      ([, zone]) => zone!.split(".").filter(Boolean).length,
    );
    expect(zones).toEqual([...zones].sort((a, b) => b - a));
    expect(value!.text.match(/forward/g)).toHaveLength(text.match(/proxy/g)!.length);
  });

  it("are refused in snippets beside others", () => {
    const text = "(s) {\n    proxy a.test 10.0.0.1\n}\n. {\n    import s\n    proxy . 10.0.0.4\n}\n";
    expect(refusal(text, { from: "1.3.1", to: "1.15" })[0]!.message).toContain("snippets");
  });

  it("one forward or proxy of a block stays where it is", () => {
    expect(bodyAfter("    proxy a.test 10.0.0.1\n", { from: "1.1.3", to: "1.15" })).toBe(
      "    forward a.test 10.0.0.1\n",
    );
    expect(bodyAfter("    forward a.test 10.0.0.1\n", { from: "1.1.3", to: "1.15" })).toBe(
      "    forward a.test 10.0.0.1\n",
    );
  });
});

describe("words that a release ignores or removed", () => {
  test.each([
    [
      "1.4.0",
      "    kubernetes c.local {\n        upstream 8.8.8.8 # x\n    }\n",
      "    kubernetes c.local {\n        # x\n    }\n",
    ],
    ["1.4.0", "    kubernetes c.local {\n        upstream\n    }\n", "    kubernetes c.local\n"],
    [
      "1.4.0",
      "    kubernetes c.local {\n        endpoint http://a http://b\n    }\n",
      "    kubernetes c.local {\n        endpoint http://a\n    }\n",
    ],
    [
      "1.5.9",
      "    kubernetes c.local {\n        resyncperiod 5m\n    }\n",
      "    kubernetes c.local {\n        resyncperiod 5m\n    }\n",
    ],
    [
      "1.6.0",
      "    kubernetes c.local {\n        resyncperiod 5m\n        pods insecure\n    }\n",
      "    kubernetes c.local {\n        pods insecure\n    }\n",
    ],
    [
      "1.5.0",
      "    file db a.test {\n        no_reload # never\n    }\n",
      "    file db a.test {\n        reload 0 # never\n    }\n",
    ],
    [
      "1.5.0",
      "    auto a.test {\n        directory zones db\\.(.*) {1} 30\n    }\n",
      "    auto a.test {\n        directory zones db\\.(.*) {1}\n        reload 30s\n    }\n",
    ],
    [
      "1.5.0",
      "    auto a.test {\n        directory zones db\\.(.*)\n    }\n",
      "    auto a.test {\n        directory zones db\\.(.*) {1}\n    }\n",
    ],
    [
      "1.8.0",
      "    kubernetes c.local 10.0.0.0/8 {\n        transfer to *\n        ttl 30\n    }\n",
      "    kubernetes c.local 10.0.0.0/8 {\n        ttl 30\n    }\n    transfer c.local 10.0.0.0/8 {\n        to *\n    }\n",
    ],
    [
      "1.8.0",
      "    file db {\n        transfer to 10.0.0.1 # a\n        transfer to 10.0.0.2\n    }\n",
      "    file db {\n        # a\n    }\n    transfer {\n        to 10.0.0.1\n        to 10.0.0.2\n    }\n",
    ],
    [
      "1.8.0",
      "    secondary a.test {\n        transfer from 10.0.0.1\n        transfer to 10.0.0.2\n    }\n",
      "    secondary a.test {\n        transfer from 10.0.0.1\n    }\n    transfer a.test {\n        to 10.0.0.2\n    }\n",
    ],
    [
      "1.12.4",
      "    header {\n        set ra # x\n        clear rd\n        query set ad\n    }\n",
      "    header {\n        response set ra # x\n        response clear rd\n        query set ad\n    }\n",
    ],
    ["1.1.0", '    startup "/bin/a b" &\n', '    on startup "/bin/a b" &\n'],
    [
      "1.6.3",
      "    federation c.local {\n        a a.test\n        upstream 8.8.8.8\n    }\n",
      "    federation c.local {\n        a a.test\n    }\n",
    ],
  ])("to %s: %j", (to, before, expected) => {
    expect(bodyAfter(before, { to })).toBe(expected);
  });

  it("reverse is refused, and so is what came later than the target", () => {
    expect(
      refusal(". {\n    reverse 10.0.0.0/8 {\n    }\n}\n", { from: "1.1.3", to: "1.2.0" })[0]!.message,
    ).toContain("reverse");
    expect(
      refusal(". {\n    header {\n        set ra\n    }\n}\n", { from: "1.1.3", to: "1.4.0" })[0]!.message,
    ).toContain("header");
  });

  it("upstream's addresses can go to the block's forward, or make one", () => {
    const options = { from: "1.1.3", to: "1.6.0", upstream: "forward", defaults: "leave" } as const;
    const kubernetes = "    kubernetes c.local {\n        upstream 8.8.8.8 8.8.4.4\n    }\n";
    expect(bodyAfter(`${kubernetes}    proxy . 1.1.1.1 1.0.0.1 # old\n`, options)).toBe(
      "    kubernetes c.local\n    forward . 8.8.8.8 8.8.4.4 # old\n",
    );
    expect(bodyAfter(kubernetes, options)).toBe("    kubernetes c.local\n    forward . 8.8.8.8 8.8.4.4\n");
    const text = `. {\n${kubernetes}}\n`;
    expect(losses(text, { ...options, upstream: "drop" })[0]!.hint).toContain('upstream: "forward"');
    expect(losses(text, { ...options, from: "1.4.0", upstream: "drop" })).toEqual([]); // lost before
    const others = "    template IN A {\n        upstream 9.9.9.9\n    }\n    proxy . 1.1.1.1\n";
    expect(bodyAfter(kubernetes + others, options)).toBe(
      "    kubernetes c.local\n    template IN A\n    forward . 8.8.8.8 8.8.4.4\n",
    );
    expect(losses(text.replace(/ 8.8.*/, ""), { ...options, upstream: "drop" })).toEqual([]);
  });
});

describe("what the default Corefile gained", () => {
  const text = ". {\n\thealth\n\tkubernetes c.local\n\tforward . 1.1.1.1 # x\n}\n";
  it("is added on the way, in the file's own indent, and looked for in snippets", () => {
    expect(migrateCorefile(text, { from: "1.1.3", to: "1.15" }).value!.text).toBe(
      ". {\n\thealth {\n\t\tlameduck 5s\n\t}\n\tkubernetes c.local\n\tready\n\tforward . 1.1.1.1 {\n\t\tmax_concurrent 1000\n\t} # x\n\tloop\n}\n",
    );
    const snippets = `(s) {\n\tloop\n\tready\n}\n${text.replace("\thealth\n", "\timport s\n")}`;
    expect(migrateCorefile(snippets, { from: "1.1.3", to: "1.6.0" }).value!.text).toBe(snippets);
  });
  it("is left out when it is asked to, or when the file is younger", () => {
    expect(migrateCorefile(text, { from: "1.1.3", to: "1.15", defaults: "leave" }).value!.text).toBe(text);
    expect(migrateCorefile(text, { from: "1.7.0", to: "1.15" }).value).toMatchObject({ text, steps: [] });
    expect(migrateCorefile(text, { to: "1.15" }).value).toMatchObject({
      text,
      from: "1.15.0",
      guessed: expect.any(String),
    });
  });
});

describe("imports", () => {
  const text = ". {\n    import rest.conf\n}\n";
  it("of files are read where they are given, and named where they are not", () => {
    expect(migrateCorefile(text, { to: "1.15" }).findings).toMatchObject([
      { code: "dns/no-migration", severity: "warning", at: { line: 2 } },
    ]);
    expect(migrateCorefile(text, { to: "1.15", files: { "rest.conf": "whoami\n" } }).findings).toEqual([]);
    expect(refusal(text, { to: "1.15", files: { "rest.conf": "log\nproxy . 1.1.1.1\n" } })).toMatchObject([
      { message: expect.stringContaining("proxy"), at: { line: 2 } },
    ]);
  });
});

describe("releases", () => {
  it("are named in many forms, and refused when they are none", () => {
    expect(migrateCorefile("", { from: "v1.8.7-eksbuild.2", to: "1.11" }).value).toMatchObject({
      from: "1.8.7",
      to: "1.11.4",
    });
    expect(refusal("", { from: "latest", to: "0.9" }).map(({ path }) => path)).toEqual(["to", "from"]);
  });
  it("are guessed from the words", () => {
    const guess = (body: string, to = "1.15") => migrateCorefile(`. {\n${body}\n}\n`, { to }).value;
    expect(guess("proxy . 1.1.1.1\nloop")).toMatchObject({
      from: "1.2.1",
      guessed: expect.stringContaining("1.2.1 to 1.4.0"),
    });
    expect(guess("forward . 1.1.1.1")).toMatchObject({ from: "1.15.0" });
    expect(guess("transfer a.test {\nto *\n}\nkubernetes c.local {\nupstream\n}")).toMatchObject({
      from: "1.6.5",
      guessed: expect.stringContaining("1.6.5 to 1.6.9"),
    });
    expect(guess("transfer a.test {\nto *\n}\nproxy . 1.1.1.1")).toMatchObject({
      guessed: expect.stringContaining("no release"),
    });
  });
  it("a text that CoreDNS does not take is no start", () => {
    expect(refusal(". {\n whoami }\n", { to: "1.15" })[0]!.code).toBe("dns/valid-corefile");
    expect(refusal(". {\n proxy . 1.1.1.1 {\n}\n", { to: "1.15" })[0]!.hint).toContain("}");
  });
});

describe("the way down", () => {
  const down = (body: string, from: string, to: string) => migrateCorefile(`. {\n${body}}\n`, { from, to });
  it("changes nothing where all words mean the same", () => {
    const body =
      "    errors\n    health\n    kubernetes cluster.local in-addr.arpa {\n        pods insecure\n        fallthrough in-addr.arpa\n    }\n    forward . /etc/resolv.conf {\n        max_concurrent 1000\n    }\n    cache 30\n    loop\n";
    expect(down(body, "1.15.0", "1.8.7").value).toMatchObject({ text: `. {\n${body}}\n`, steps: [] });
  });
  it("writes header as it was", () => {
    expect(down("    header {\n        response set ra # x\n    }\n", "1.15", "1.8.5").value!.text).toBe(
      ". {\n    header {\n        set ra # x\n    }\n}\n",
    );
  });
  test.each([
    ["    cache {\n        disable success\n    }\n", "1.9.3", "disable"],
    ["    cache 7200\n", "1.14.3", "cache 7200"],
    ["    forward a.test 10.0.0.1\n    forward . 10.0.0.2\n", "1.9.4", "one forward"],
    ["    forward . dns.example.test\n", "1.14.3", "dns.example.test"],
    ["    ready\n", "1.4.0", "no plugin ready"],
    ["    kubernetes c.local\n", "1.3.1", "ExternalName"],
    ["    rewrite name a.test b.test\n", "1.8.0", "rewrite"],
    ["    loadbalance weighted x\n", "1.8.0", "loadbalance weighted"],
    ["    header {\n        query set ra\n    }\n", "1.8.5", "query"],
    ["    nothing\n", "1.8.5", "nothing"],
  ])("refuses %j to %s", (body, to, word) => {
    const { value, findings } = down(body, "1.15.0", to);
    expect(value).toBeUndefined();
    expect(findings.map(({ message }) => message).join()).toContain(word);
  });
});
