import { expect, test } from "vitest";
import type { Finding } from "../finding.ts";
import { readYaml } from "../read-yaml/read-yaml.ts";
import { coreRules } from "../rules/index.ts";
import { editYaml } from "./edit-yaml.ts";
import { type TextEdit, textEdits } from "./text-edits.ts";

/** All that the core rules find in a text. */
function findingsIn(name: string, text: string): Finding[] {
  const { resources, locate } = readYaml(text, { file: name });
  return coreRules.flatMap((rule) => rule.check({ resources, locate }));
}

/** As an editor does: lines end at LF or CR LF, the first change last. */
function applied(text: string, edits: readonly TextEdit[]): string {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, column }: TextEdit["start"]) => starts[line - 1]! + column - 1;
  let result = text;
  for (const { start, end, text: own } of [...edits].reverse())
    result = result.slice(0, offset(start)) + own + result.slice(offset(end));
  return result;
}

const INGRESS = `# shop
apiVersion: networking.k8s.io/v1beta1 # old
kind: Ingress
metadata:
  name: shop
  namespace: prod
spec:
  backend: # all the rest
    serviceName: shop
    servicePort: http
  rules:
    - host: shop.example.test
      http:
        paths:
          - backend: { serviceName: shop, servicePort: 80 } # one
            path: /a
          - path: /b
            backend:
              serviceName: shop
              servicePort: 8080
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: prod}
spec:
  strategy: {type: recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: -1
      containers:
      - name: web
        image: " example.test/web:1 "
        imagePullPolicy: always # often
`;
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: s, namespace: prod}
spec:
  Ports: # web
  - port: "80"
  - {port: 81}
  publishNotReadyAddresses: "true"
`;
const LIST = `{"apiVersion":"v1","kind":"List","items":[
  {"apiVersion":"batch/v1beta1","kind":"CronJob","metadata":{"name":"a","namespace":"x"},"spec":{"schedule":"0 3 * * *",
   "jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"never","containers":[{"name":"c","image":"c:1"}]}}}}}},
  {"apiVersion":"v1","kind":"Service","metadata":{"name":"s","namespace":"x"},"spec":{"Ports":[{"port":80}],"sessionAffinity":5,"publishNotReadyAddresses":"true"}},
  {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"x"},"spec":{"restartPolicy":"never","containers":[{"name":"c","image":"c:1","imagePullPolicy":"always"}]}}
]}
`;

test.each([
  ["YAML", `${INGRESS}---\n${DEPLOYMENT}---\n${SERVICE}`],
  ["CR LF", `${INGRESS}---\n${DEPLOYMENT}---\n${SERVICE}`.replaceAll("\n", "\r\n")],
  ["JSON", LIST],
])("the edits of each remedy make of the text what editYaml makes of it: %s", async (_name, text) => {
  const findings = findingsIn("a.yaml", text);
  const edits = await textEdits([{ name: "a.yaml", text }], findings);
  const { resources } = readYaml(text, { file: "" });
  const fixable = findings.filter(({ fix }) => fix);
  expect(fixable.length).toBeGreaterThanOrEqual(4);
  expect([...edits.keys()]).toEqual(fixable);
  for (const [finding, own] of edits) {
    const resource = resources.findIndex(({ metadata }) => metadata.name === finding.subject?.name);
    const alone = await editYaml(text, [{ resource, patch: finding.fix! }]);
    expect(alone.refused).toEqual([]);
    expect(own.length).toBeGreaterThan(0);
    expect(applied(text, own)).toBe(alone.text);
  }
});

test("edits are as small as what changes", async () => {
  const findings = findingsIn("a.yaml", DEPLOYMENT);
  const edits = await textEdits([{ name: "a.yaml", text: DEPLOYMENT }], findings);
  const policy = findings.find(({ path }) => path.endsWith("imagePullPolicy"))!;
  expect(edits.get(policy)).toEqual([
    { file: "a.yaml", start: { line: 14, column: 26 }, end: { line: 14, column: 32 }, text: "Always" },
  ]);
});

test("what cannot be changed in its text, or told, has no edits", async () => {
  const anchored = INGRESS.replace("v1beta1 #", "v1beta1 #").replace("networking", "&v networking");
  expect((await textEdits([{ name: "a", text: anchored }], findingsIn("a", anchored))).size).toBe(0);
  // Findings of other texts, and of none.
  expect((await textEdits([{ name: "b", text: INGRESS }], findingsIn("a", INGRESS))).size).toBe(0);
  expect((await textEdits([], findingsIn("a", INGRESS))).size).toBe(0);
  expect((await textEdits([{ name: "a", text: "{{ x }}: [" }], findingsIn("a", INGRESS))).size).toBe(0);
});
