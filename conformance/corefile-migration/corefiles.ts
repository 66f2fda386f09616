import { PROXY_SAMPLES } from "./proxy-corefiles.ts";
import { type CorefileSample, cluster, proxy } from "./sample.ts";

const forward = "    forward . /etc/resolv.conf";

/** Files of all ages; comments are left out here, since corefile-migration loses every one of them. */
export const SAMPLES: readonly CorefileSample[] = [
  // Kubernetes' defaults, as kubeadm and the deployment repository shipped them
  { name: "kubeadm 1.11", since: "1.1.3", text: cluster(proxy, "\n        upstream") },
  { name: "kubeadm 1.12", since: "1.2.1", text: cluster(`    loop\n${proxy}`, "\n        upstream") },
  {
    name: "kubeadm 1.14",
    since: "1.3.1",
    text: cluster(`    loop\n${forward}`, "\n        upstream\n        ttl 30"),
  },
  {
    name: "kubeadm 1.16",
    since: "1.5.0",
    text: cluster(`    loop\n    ready\n${forward}`, "\n        ttl 30"),
  },
  {
    name: "kubeadm 1.21",
    since: "1.7.0",
    text: cluster(
      `    loop\n    ready\n${forward} {\n        max_concurrent 1000\n    }`,
      "\n        ttl 30",
    ),
  },
  {
    name: "kubeadm 1.36",
    since: "1.9.4",
    text: cluster(
      `    loop\n    ready\n${forward} {\n        max_concurrent 1000\n    }`,
      "\n        ttl 30",
    ).replace(
      "cache 30",
      "cache 30 {\n        disable success cluster.local\n        disable denial cluster.local\n    }",
    ),
  },
  {
    name: "the platform of 2018",
    since: "1.1.3",
    text: cluster(proxy, "\n        upstream 8.8.8.8 8.8.4.4").replaceAll(
      "    errors\n",
      "    errors\n    log\n",
    ),
  },
  ...PROXY_SAMPLES,
  // kubernetes
  { name: "resyncperiod", since: "1.1.3", text: cluster(proxy, "\n        resyncperiod 30s") },
  {
    name: "endpoints",
    since: "1.1.3",
    text: cluster(proxy, "\n        endpoint http://10.0.0.1:8080 http://10.0.0.2:8080"),
  },
  { name: "one endpoint", since: "1.1.3", text: cluster(proxy, "\n        endpoint http://10.0.0.1:8080") },
  {
    name: "kubernetes transfer",
    since: "1.1.3",
    differs: "transfer zones",
    text: cluster(proxy, "\n        transfer to *"),
  },
  {
    name: "kubernetes transfer, one zone",
    since: "1.1.3",
    text: ". {\n    kubernetes cluster.local {\n        transfer to 10.0.0.1 10.0.0.2:53\n    }\n}\n",
  },
  {
    name: "kubernetes transfer, no zone",
    since: "1.1.3",
    differs: "kubernetes without zones",
    text: "cluster.local {\n    kubernetes {\n        transfer to *\n    }\n}\n",
  },
  {
    name: "lameduck is there",
    since: "1.1.3",
    text: cluster(proxy).replace("    health\n", "    health {\n        lameduck 10s\n    }\n"),
  },
  {
    name: "two kubernetes blocks",
    since: "1.1.3",
    differs: "kubernetes without zones",
    text: "cluster.local {\n    kubernetes\n    proxy . 10.0.0.1\n}\n\nother.local {\n    kubernetes\n}\n",
  },
  // gone
  {
    name: "federation",
    since: "1.1.3",
    differs: "federation",
    refused: ["1.7.0"],
    text: cluster(`    federation cluster.local {\n        east east.example.test\n    }\n${proxy}`),
  },
  {
    name: "reverse",
    since: "1.1.3",
    differs: "reverse",
    refused: ["1.1.4"],
    text: ". {\n    reverse 10.0.0.0/24 {\n        hostname ip-{ip}.example.test\n    }\n    proxy . 8.8.8.8\n}\n",
  },
  {
    name: "startup",
    since: "1.0.6",
    text: ". {\n    startup /bin/true\n    shutdown /bin/true\n    proxy . 8.8.8.8\n}\n",
  },
  {
    name: "file transfer and no_reload",
    since: "1.1.3",
    differs: "file",
    text: "example.test {\n    file db.example.test {\n        transfer to *\n        no_reload\n    }\n}\n",
  },
  {
    name: "file transfer for zones",
    since: "1.2.3",
    differs: "file",
    text: "example.test other.test {\n    file db.example.test example.test {\n        transfer to 10.0.0.1\n        transfer to 10.0.0.2\n        upstream 8.8.8.8\n    }\n}\n",
  },
  {
    name: "auto",
    since: "1.1.3",
    differs: "file",
    text: "example.test {\n    auto {\n        directory zones db\\.(.*) {1} 30\n        transfer to *\n        upstream 10.0.0.1\n    }\n}\n",
  },
  {
    name: "secondary",
    since: "1.1.3",
    differs: "file",
    text: "example.test {\n    secondary {\n        transfer from 10.0.0.1\n        transfer to 10.0.0.2\n        upstream 10.0.0.3\n    }\n}\n",
  },
  {
    name: "header",
    since: "1.8.5",
    differs: "header",
    text: ". {\n    header {\n        set ra\n        clear rd\n    }\n    forward . 8.8.8.8 {\n        max_concurrent 1000\n    }\n}\n",
  },
  // words
  {
    name: "quotes around a hash",
    since: "1.1.3",
    differs: "quotes",
    text: '. {\n    template IN A example.test {\n        match "^x#y[.]example[.]test[.]$"\n        answer "{{ .Name }} 60 IN A 10.0.0.1"\n    }\n    proxy . 8.8.8.8\n}\n',
  },
  {
    name: "quotes in a rewrite",
    since: "1.1.3",
    differs: "quotes",
    text: '. {\n    rewrite name regex "a#b[.]example[.]test" "c.example.test"\n    proxy . 8.8.8.8\n}\n',
  },
  {
    name: "quotes around blanks",
    since: "1.1.3",
    text: '. {\n    log . "{remote} {type}"\n    proxy . 8.8.8.8\n}\n',
  },
  {
    name: "an empty block",
    since: "1.1.3",
    differs: "empty block",
    text: "example.test {\n}\n\n. {\n    whoami\n}\n",
  },
  { name: "no forward at all", since: "1.1.3", text: ". {\n    whoami\n    log\n}\n" },
  {
    name: "a snippet",
    since: "1.1.3",
    differs: "snippet",
    text: "(base) {\n    errors\n    proxy . 8.8.8.8\n}\n\n. {\n    import base\n}\n",
  },
  {
    name: "rewrite and hosts",
    since: "1.1.3",
    text: cluster(
      `    hosts {\n        10.0.0.1 a.test b.test\n        fallthrough\n    }\n    rewrite name a.test b.test\n${proxy}`,
    ),
  },
  {
    name: "other plugins",
    since: "1.1.3",
    text: ". {\n    bind 127.0.0.1\n    chaos\n    nsid\n    pprof\n    debug\n    whoami\n}\n",
  },
];
