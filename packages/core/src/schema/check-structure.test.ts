import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { structureProblems } from "./check-structure.ts";
import { builtInVersions, definitionOf, type ValueType } from "./definitions.ts";

// That the verdict is the server's is compared in conformance; here are the words, the remedies and the bounds.

const of = (apiVersion: string, kind: string, rest: object): Resource =>
  ({ apiVersion, kind, metadata: { name: "a" }, ...rest }) as Resource;
const deployment = (spec: object) => of("apps/v1", "Deployment", { spec });
const container = (fields: object) => of("v1", "Pod", { spec: { containers: [{ name: "web", ...fields }] } });
const AT = "spec.containers[0]";

describe("a field that is not known", () => {
  test.each<[string, Resource, string, RegExp, unknown]>([
    [
      "one near name that is free: moved",
      deployment({ replica: 2 }),
      "spec.replica",
      /did you mean "replicas"\?$/,
      [
        { op: "add", path: "/spec/replicas", value: 2 },
        { op: "remove", path: "/spec/replica" },
      ],
    ],
    [
      "the case of letters",
      container({ imagepullpolicy: "Always" }),
      `${AT}.imagepullpolicy`,
      /did you mean "imagePullPolicy"\?$/,
      [
        { op: "add", path: "/spec/containers/0/imagePullPolicy", value: "Always" },
        { op: "remove", path: "/spec/containers/0/imagepullpolicy" },
      ],
    ],
    [
      "the near name is taken",
      deployment({ replica: 2, replicas: 3 }),
      "spec.replica",
      /is there already/,
      undefined,
    ],
    ["the value does not fit there", deployment({ replica: "two" }), "spec.replica", /"replicas"/, undefined],
    [
      "two near names",
      container({ volumeMont: [] }),
      `${AT}.volumeMont`,
      /"volumeMounts"/,
      [expect.anything(), expect.anything()],
    ],
    [
      "indented too far",
      container({ hostNetwork: true }),
      `${AT}.hostNetwork`,
      /belongs to spec; check the indentation/,
      undefined,
    ],
    [
      "not indented enough",
      deployment({ template: { containers: [] } }),
      "spec.template.containers",
      /belongs to spec\.template\.spec; check/,
      undefined,
    ],
    [
      "of something below",
      of("v1", "Pod", { spec: { image: "a" } }),
      "spec.image",
      /belongs to spec\.containers\[\]; check/,
      undefined,
    ],
    [
      "labels in a selector",
      deployment({ selector: { app: "web" } }),
      "spec.selector.app",
      /matchLabels/,
      undefined,
    ],
    [
      "nothing like it",
      deployment({ zzz: 1 }),
      "spec.zzz",
      /^remove it, or write one of "minReadySeconds"/,
      undefined,
    ],
    [
      "a key of the prototype",
      deployment(JSON.parse('{"__proto__": {}}')),
      "spec.__proto__",
      /remove it/,
      undefined,
    ],
  ])("%s", (_, resource, path, hint, fix) => {
    const problems = structureProblems(resource);
    expect(problems.map((p) => p.path)).toEqual([path]);
    expect(problems[0]).toMatchObject({ severity: "error", hint: expect.stringMatching(hint) });
    expect(problems[0]!.message).toContain(`${path} is not a field of the API`);
    expect(problems[0]!.fix).toEqual(fix);
  });
});

describe("a value of a wrong type", () => {
  test.each<[Resource, string, string, string, unknown]>([
    [
      deployment({ replicas: "3" }),
      "spec.replicas",
      'a whole number of 32 bits, not "3"',
      "write 3 without quotes",
      3,
    ],
    [
      deployment({ replicas: "03" }),
      "spec.replicas",
      'not "03"',
      "write a whole number of 32 bits",
      undefined,
    ],
    [
      deployment({ replicas: 2 ** 31 }),
      "spec.replicas",
      "not 2147483648",
      "write a whole number of 32 bits",
      undefined,
    ],
    [deployment({ replicas: 1.5 }), "spec.replicas", "not 1.5", "write a whole number of 32 bits", undefined],
    [
      deployment({ paused: "true" }),
      "spec.paused",
      'true or false, not "true"',
      "write true without quotes",
      true,
    ],
    [deployment({ paused: "yes" }), "spec.paused", 'not "yes"', "write true or false", undefined],
    [
      container({ env: [{ name: "A", value: 80 }] }),
      `${AT}.env[0].value`,
      "a string, not 80",
      'put it in quotes: "80"',
      undefined,
    ],
    [
      container({ env: { name: "A" } }),
      `${AT}.env`,
      "a list, not a mapping",
      'put "- " before it: a list of one',
      undefined,
    ],
    [container({ image: ["a"] }), `${AT}.image`, "a string, not a list", "without", undefined],
    [
      container({ resources: { limits: { cpu: "1 core" } } }),
      `${AT}.resources.limits.cpu`,
      'a quantity like 500m or 2Gi, not "1 core"',
      "write a quantity",
      undefined,
    ],
    [
      of("v1", "ConfigMap", { binaryData: { icon: "hunter2!" } }),
      "binaryData.icon",
      'bytes in base64, not "hunter2!"',
      "base64",
      undefined,
    ],
  ])("%j", (resource, path, message, hint, value) => {
    const [problem, ...others] = structureProblems(resource);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ path, severity: "error" });
    expect(problem!.message).toContain(message);
    expect(problem!.hint).toContain(hint);
    const pointer = `/${path.replaceAll("[", ".").replaceAll("]", "").replaceAll(".", "/")}`;
    expect(problem!.fix).toEqual(value === undefined ? undefined : [{ op: "replace", path: pointer, value }]);
  });

  test("the value of a Secret is never in the message", () => {
    const secret = of("v1", "Secret", { data: { password: "hunter2!" }, stringData: { token: 48151623 } });
    const misspelt = of("v1", "Secret", { stringdata: { password: "hunter2!" }, dat: "hunter2!" });
    const text = JSON.stringify([structureProblems(secret), structureProblems(misspelt)]);
    expect(text).toContain("data.password");
    expect(text).toContain("stringData.token");
    expect(text).toContain('did you mean \\"stringData\\"');
    expect(text).not.toMatch(/hunter2|48151623/);
  });
});

describe("kinds", () => {
  test.each<[unknown, unknown, string[], RegExp, unknown]>([
    ["v1", "Deployment", ["apiVersion"], /write apiVersion: apps\/v1/, "apps/v1"],
    ["core/v1", "Pod", ["apiVersion"], /write apiVersion: v1/, "v1"],
    ["apps/v1", "Deploymnt", ["kind"], /did you mean "Deployment"/, "Deployment"],
    ["networking.k8s.io/v1", "ingress", ["kind"], /did you mean "Ingress"/, "Ingress"],
    ["apps/v3", "Deployment", ["apiVersion"], /write apiVersion: apps\/v1/, undefined],
    ["v1", "Nothing", ["kind"], /write one of/, undefined],
    ["app/v1", "Nothing", ["apiVersion"], /did you mean "apps\/v1"/, undefined],
    ["", 5, ["apiVersion", "kind"], /write apiVersion/, undefined],
  ])("%j %j", (apiVersion, kind, paths, hint, value) => {
    const problems = structureProblems({ apiVersion, kind, metadata: { name: "a" } } as Resource);
    expect(problems.map((p) => p.path)).toEqual(paths);
    expect(problems[0]!.hint).toMatch(hint);
    expect(problems[0]!.fix).toEqual(
      value === undefined ? undefined : [{ op: "replace", path: `/${paths[0]}`, value }],
    );
  });

  test.each([
    ["cert-manager.io/v1", "Certificate"],
    ["serving.knative.dev/v1", "Service"],
    ["gateway.networking.k8s.io/v1", "Gateway"],
    ["extensions/v1beta1", "Ingress"],
  ])("%s %s may live elsewhere, or is another rule's", (apiVersion, kind) => {
    expect(structureProblems(of(apiVersion, kind, { anything: 1 }))).toEqual([]);
  });
});

describe("hostile input", () => {
  test("cycles and deep nesting come to an end", () => {
    const schema: Record<string, unknown> = { type: "object" };
    schema.properties = { self: schema };
    const crd = of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      spec: { versions: [{ schema: { openAPIV3Schema: schema } }] },
    });
    expect(structureProblems(crd).map((p) => p.message)).toEqual([expect.stringContaining("1000 levels")]);
  });

  test("what is shared in memory is looked at a million times at most", () => {
    let schema: object = { type: "string" };
    for (let i = 0; i < 25; i++) schema = { properties: { a: schema, b: schema } };
    const crd = of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      spec: { versions: [{ schema: { openAPIV3Schema: schema } }] },
    });
    expect(structureProblems(crd).map((p) => p.message)).toEqual([
      expect.stringContaining("1000000 mappings"),
    ]);
  });

  test("what goes round in two ways comes to an end", () => {
    const schema: Record<string, unknown> = { type: "object" };
    schema.properties = { a: schema, b: schema };
    const crd = of("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      spec: { versions: [{ schema: { openAPIV3Schema: schema } }] },
    });
    expect(structureProblems(crd)).toHaveLength(1);
  });

  test("what is no JSON", () => {
    for (const value of [() => 1, 1n, Symbol("x"), Number.NaN])
      expect(structureProblems(deployment({ replicas: value }))).toHaveLength(1);
    for (const object of [{}, { apiVersion: null }, { kind: {} }])
      expect(structureProblems(object as unknown as Resource).length).toBeGreaterThan(0);
  });

  test("a million characters are cut in the message", () => {
    const [problem] = structureProblems(deployment({ replicas: "9".repeat(1_000_000) }));
    expect(problem!.message.length).toBeLessThan(300);
  });

  test("a hundred thousand problems are found in linear time", () => {
    const ports = Array.from({ length: 50_000 }, () => ({ prot: 1, port: "x" }));
    const start = performance.now();
    expect(structureProblems(of("v1", "Service", { spec: { ports } }))).toHaveLength(100_000);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

test("every definition that is named is there, and every built-in kind has one", () => {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const [, { type }] of definitionOf(name)) visitType(type);
  };
  const visitType = (type: ValueType): void => {
    if (type.kind === "struct") visit(type.name);
    else if (type.kind !== "scalar") visitType(type.of);
  };
  for (const { definitions, kinds } of builtInVersions().values())
    for (const kind of kinds) visit(`${definitions}.${kind}`);
  expect(seen.size).toBeGreaterThan(500);
  expect(definitionOf("core.v1.ServiceSpec").get("ports")).toMatchObject({
    type: { kind: "list", keys: ["port", "protocol"] },
  });
  expect(definitionOf("apps.v1.DeploymentSpec").get("selector")).toMatchObject({ required: true });
});
