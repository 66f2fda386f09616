import { at, type Mistake, mistakes, text } from "../mistake.ts";

const COREFILE = ["kube-system/ConfigMap/coredns", "data.Corefile"] as const;

const read = mistakes("YAML that cannot be read", [
  [
    "yaml-tab",
    "a line is indented by a tab",
    text("firewall.yaml", "  name: dev\n  labels:\n    env: dev", "  name: dev\n  labels:\n\tenv: dev"),
  ],
  [
    "yaml-indent",
    "a line is indented by one blank too few",
    text(
      "services.yaml",
      "    - port: 6379\n      targetPort: redis",
      "    - port: 6379\n     targetPort: redis",
    ),
  ],
  [
    "yaml-alias",
    "an alias has no anchor",
    text("workloads.yaml", "image: postgres:18.1", "image: *postgres"),
  ],
  [
    "yaml-quote",
    "a quote is not closed",
    text("configuration.yaml", 'requests.cpu: "8"', 'requests.cpu: "8'),
  ],
  [
    "yaml-colon",
    "a colon and a blank stand in plain text",
    text("workloads.yaml", "image: postgres:18.1", "image: postgres: 18.1"),
  ],
  [
    "yaml-template",
    "a helm template is left over",
    text("workloads.yaml", "image: registry.example.com/api:4.2.0", "image: {{ .Values.image }}"),
  ],
  [
    "yaml-conflict",
    "the marks of a merge conflict are left over",
    text(
      "services.yaml",
      "  minAvailable: 1\n",
      "<<<<<<< HEAD\n  minAvailable: 1\n=======\n  minAvailable: 2\n>>>>>>> 4f2a\n",
    ),
  ],
  [
    "yaml-at",
    "a plain text begins with an at sign",
    text("configuration.yaml", "LOG_LEVEL: info", "LOG_LEVEL: @info"),
  ],
  [
    "yaml-list",
    "a list goes on as a mapping",
    text(
      "access.yaml",
      "imagePullSecrets:\n  - name: registry\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: jenkins-agent",
      "imagePullSecrets:\n  - name: registry\n  name: other\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: jenkins-agent",
    ),
  ],
]);

const meant = mistakes("YAML that is read otherwise than meant", [
  [
    "yaml-twice",
    "a key is there twice",
    text("workloads.yaml", "  backoffLimit: 2\n", "  backoffLimit: 2\n  backoffLimit: 3\n"),
  ],
  [
    "yaml-on",
    "a label is on: kubectl reads true",
    text("firewall.yaml", "  name: kubeapps\n---", "  name: kubeapps\n  labels:\n    firewall: on\n---"),
  ],
  [
    "yaml-version",
    "a version is a number",
    text("configuration.yaml", "LOG_LEVEL: info", "VERSION: 1.10\n  LOG_LEVEL: info"),
  ],
  [
    "yaml-no",
    "Norway is false",
    text("configuration.yaml", "LOG_LEVEL: info", "COUNTRY: NO\n  LOG_LEVEL: info"),
  ],
  [
    "yaml-separator",
    "the line between two objects is forgotten",
    text("configuration.yaml", "      storage: 10Gi\n---\n", "      storage: 10Gi\n"),
  ],
  [
    "yaml-document-end",
    "a document goes on behind its end",
    text("configuration.yaml", "  type: gp3\n---\n", "  type: gp3\n...\nmore: text\n---\n"),
  ],
]);

const content = mistakes("configuration of a component", [
  [
    "corefile-plugin",
    "a plugin's name in the Corefile is misspelt",
    at(text("configuration.yaml", "forward . 8.8.8.8", "forwad . 8.8.8.8"), COREFILE),
  ],
  [
    "corefile-brace",
    "a brace in the Corefile is not closed",
    at(
      text(
        "configuration.yaml",
        "            fallthrough in-addr.arpa ip6.arpa\n        }\n",
        "            fallthrough in-addr.arpa ip6.arpa\n",
      ),
      COREFILE,
    ),
  ],
]);

export const yaml: readonly Mistake[] = [...read, ...meant, ...content];
