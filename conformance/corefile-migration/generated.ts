import { type Random, randomFrom } from "../policies/random.ts";

/** Corefiles that CoreDNS 1.3.1 takes, put together at random; the same seed gives the same files. */
export function oldCorefiles(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => oldCorefile(random));
}

const COMMENTS = ["", "", "", " # why", "  #x # y"];

const PROXY_OPTIONS = [
  "policy random",
  "policy round_robin",
  "policy sequential",
  "policy first",
  "policy least_conn",
  "fail_timeout 5s",
  "max_fails 0",
  "max_fails 3",
  "health_check /health:8080 3s",
  "spray",
  "except lan.test 10.0.0.0/8",
  "protocol dns",
  "protocol dns force_tcp",
  "protocol grpc insecure",
];

const KUBERNETES_OPTIONS = [
  "pods insecure",
  "pods verified",
  "upstream",
  "upstream 8.8.8.8 8.8.4.4",
  "resyncperiod 30s",
  "endpoint http://10.0.0.1:8080 http://10.0.0.2:8080",
  "ttl 30",
  "transfer to *",
  "transfer to 10.0.0.3 10.0.0.4:5300",
  "fallthrough in-addr.arpa ip6.arpa",
  "noendpoints",
  "namespaces prod dev",
];

const OTHER_LINES = [
  "errors",
  "log",
  "health",
  "health {\n        lameduck 10s\n    }",
  "prometheus :9153",
  "cache 30",
  "cache {\n        success 1000 60\n    }",
  "loop",
  "reload",
  "loadbalance",
  'rewrite name regex "a#(.*)[.]test" "b{1}.test"',
  "hosts {\n        10.0.0.1 a.corp.test # a\n        fallthrough\n    }",
  'template IN A t.test {\n        match "^x#y"\n        answer "{{ .Name }} 60 IN A 10.0.0.1"\n        upstream\n    }',
  "file db.example.test example.test {\n        transfer to *\n        no_reload\n        upstream 10.0.0.1\n    }",
  "auto auto.test {\n        directory zones db\\.(.*) {1} 30\n    }",
  "secondary sec.test {\n        transfer from 10.0.0.1\n        transfer to 10.0.0.2\n        upstream\n    }",
  "bind 127.0.0.1",
  "import common",
];

const ZONES = ["corp.test", "sub.corp.test", "lan.test", "svc.cluster.local", "10.0.0.0/8", "test"];

/** The lines without those whose first word was there before. */
function oncePerPlugin(lines: readonly string[]): string[] {
  const words = new Set<string>();
  return lines.filter((line) => {
    const [word = ""] = line.split(" ");
    return !words.has(word) && words.add(word);
  });
}

function oldCorefile(random: Random): string {
  const { pick, chance, below } = random;
  const comment = (): string => pick(COMMENTS);
  const options = (from: readonly string[], indent: string): string => {
    const lines = oncePerPlugin(from.filter(() => chance(0.2)));
    if (lines.length === 0) return comment();
    return ` {${comment()}\n${lines.map((line) => `${indent}    ${line}${comment()}\n`).join("")}${indent}}${comment()}`;
  };
  const proxy = (zone: string): string => {
    const to = pick(["8.8.8.8", "8.8.8.8 1.1.1.1:53", "/etc/resolv.conf", '"9.9.9.9" 1.1.1.1']);
    return `proxy ${zone} ${to}${options(PROXY_OPTIONS, "    ")}`;
  };
  const block = (keys: string, snippets: boolean): string => {
    const lines = oncePerPlugin(
      OTHER_LINES.filter((line) => chance(0.25) && (snippets || !line.startsWith("import"))),
    ).map((line) => line + comment());
    if (chance(0.7))
      lines.push(
        `kubernetes ${pick(["cluster.local in-addr.arpa", "cluster.local", ""])}${options(KUBERNETES_OPTIONS, "    ")}`,
      );
    for (const zone of ZONES) if (chance(0.15)) lines.push(proxy(zone));
    if (chance(0.8)) lines.push(proxy("."));
    const mixed = lines.map((line) => ({ line, at: below(1000) })).sort((a, b) => a.at - b.at);
    return `${keys} {\n${mixed.map(({ line }) => `    ${line}\n`).join("")}}\n`;
  };
  const snippet = chance(0.3);
  const root = pick([".:53", ".", ". .:5353"]);
  const parts = [
    ...(chance(0.3) ? ["# a Corefile of 2018\n"] : []),
    ...(snippet ? ["(common) {\n    debug # for all\n    nsid\n}\n"] : []),
    block(root, snippet),
    ...(chance(0.3) ? [block(pick(["example.test", "corp.test:53", "a.test b.test:5353"]), snippet)] : []),
  ];
  const text = parts.join("\n");
  return chance(0.1) ? text.replaceAll("\n", "\r\n") : text;
}
