import { type CorefileSample, cluster, proxy } from "./sample.ts";

/** Files with proxy, and with several of it in a block. */
export const PROXY_SAMPLES: readonly CorefileSample[] = [
  // proxy
  { name: "proxy with one address", since: "1.1.3", text: ". {\n    proxy . 8.8.8.8\n}\n" },
  { name: "proxy with several", since: "1.1.3", text: ". {\n    proxy . 8.8.8.8 8.8.4.4:53 1.1.1.1\n}\n" },
  {
    name: "proxy round robin",
    since: "1.1.3",
    text: ". {\n    proxy . 8.8.8.8 1.1.1.1 {\n        policy round_robin\n    }\n}\n",
  },
  {
    name: "proxy sequential",
    since: "1.1.3",
    text: ". {\n    proxy . 8.8.8.8 1.1.1.1 {\n        policy sequential\n    }\n}\n",
  },
  {
    name: "proxy least_conn",
    since: "1.1.3",
    differs: "least_conn",
    text: ". {\n    proxy . 8.8.8.8 1.1.1.1 {\n        policy least_conn\n    }\n}\n",
  },
  {
    name: "proxy first",
    since: "1.1.3",
    differs: "policy first",
    text: ". {\n    proxy . 8.8.8.8 1.1.1.1 {\n        policy first\n    }\n}\n",
  },
  {
    name: "proxy except",
    since: "1.1.3",
    text: ". {\n    proxy . 8.8.8.8 {\n        except corp.test lan.test\n    }\n}\n",
  },
  {
    name: "proxy force_tcp",
    since: "1.1.3",
    differs: "force_tcp",
    text: ". {\n    proxy . 8.8.8.8 {\n        protocol dns force_tcp\n    }\n}\n",
  },
  {
    name: "proxy protocol dns",
    since: "1.1.3",
    text: ". {\n    proxy . 8.8.8.8 {\n        protocol dns\n    }\n}\n",
  },
  {
    name: "proxy grpc",
    since: "1.1.3",
    differs: "grpc",
    text: ". {\n    proxy . 10.0.0.1:443 {\n        protocol grpc\n    }\n}\n",
  },
  {
    name: "proxy grpc insecure",
    since: "1.1.3",
    differs: "grpc",
    text: ". {\n    proxy . 10.0.0.1:443 {\n        protocol grpc insecure\n        policy sequential\n    }\n}\n",
  },
  {
    name: "proxy health checks",
    since: "1.1.3",
    text: ". {\n    proxy . 8.8.8.8 {\n        fail_timeout 5s\n        max_fails 3\n        health_check /health:8080 3s\n        spray\n    }\n}\n",
  },
  {
    name: "proxy never down",
    since: "1.1.3",
    differs: "max_fails 0",
    text: ". {\n    proxy . 8.8.8.8 {\n        max_fails 0\n    }\n}\n",
  },
  {
    name: "proxy https_google",
    since: "1.1.3",
    differs: "https_google",
    refused: ["1.2.0"],
    text: ". {\n    proxy . 8.8.8.8 {\n        protocol https_google\n    }\n}\n",
  },
  {
    name: "proxy with 16 addresses",
    since: "1.1.3",
    differs: "too many",
    refused: ["1.5.0"],
    text: `. {\n    proxy . ${Array.from({ length: 16 }, (_, i) => `10.0.0.${i + 1}`).join(" ")}\n}\n`,
  },
  // stub domains
  { name: "one stub domain", since: "1.1.3", text: cluster(`    proxy corp.test 10.0.0.1\n${proxy}`) },
  { name: "stub domain last", since: "1.1.3", text: cluster(`${proxy}\n    proxy corp.test 10.0.0.1`) },
  {
    name: "two stub domains, adjacent",
    since: "1.1.3",
    differs: "adjacent stubs",
    text: cluster(`    proxy corp.test 10.0.0.1\n    proxy lan.test 10.0.0.2\n${proxy}`),
  },
  {
    name: "three stub domains, adjacent",
    since: "1.1.3",
    differs: "adjacent stubs",
    text: cluster(
      `    proxy corp.test 10.0.0.1\n    proxy lan.test 10.0.0.2\n    proxy old.test 10.0.0.3\n${proxy}`,
    ),
  },
  {
    name: "two stub domains apart",
    since: "1.1.3",
    text: cluster(
      `    proxy corp.test 10.0.0.1\n    cache 10\n    proxy lan.test 10.0.0.2\n${proxy}`,
    ).replace("\n    cache 30", ""),
  },
  {
    name: "two stub domains at the end",
    since: "1.1.3",
    differs: "adjacent stubs",
    text: `. {\n    errors\n${proxy}\n    proxy corp.test 10.0.0.1\n    proxy lan.test 10.0.0.2\n}\n`,
  },
  {
    name: "stub domain with options",
    since: "1.1.3",
    differs: "force_tcp",
    text: cluster(
      `    proxy corp.test 10.0.0.1 10.0.0.2 {\n        policy sequential\n        protocol dns force_tcp\n    }\n${proxy}`,
    ),
  },
  {
    name: "stub domain of a zone",
    since: "1.1.3",
    differs: "keys",
    text: "example.test {\n    proxy sub.example.test 10.0.0.1\n    proxy . 10.0.0.2\n}\n",
  },
  {
    name: "stub domain in a block of two zones",
    since: "1.1.3",
    differs: "keys",
    text: "example.test other.test {\n    proxy sub.example.test 10.0.0.1\n    proxy . 10.0.0.2\n}\n",
  },
  {
    name: "stub domain beside hosts",
    since: "1.1.3",
    differs: "kept together",
    refused: ["1.5.0", "1.10.0"],
    text: ". {\n    hosts {\n        10.0.0.9 a.corp.test\n        fallthrough\n    }\n    proxy . 10.0.0.2\n    proxy corp.test 10.0.0.1\n}\n",
  },
  {
    name: "stub domain above the cluster's",
    since: "1.1.3",
    differs: "kept together",
    refused: ["1.5.0", "1.10.0"],
    text: ". {\n    kubernetes cluster.local\n    proxy local 10.0.0.1\n    proxy . 10.0.0.2\n}\n",
  },
  {
    name: "one proxy for a zone",
    since: "1.1.3",
    differs: "alone",
    text: ". {\n    proxy corp.test 10.0.0.1\n}\n",
  },
  {
    name: "one forward for a zone",
    since: "1.1.3",
    differs: "alone",
    text: ". {\n    forward corp.test 10.0.0.1\n}\n",
  },
  {
    name: "stub domain in a block of its own",
    since: "1.1.3",
    text: cluster(proxy, "", "corp.test {\n    proxy . 10.0.0.1\n    cache 30\n}\n"),
  },
];
