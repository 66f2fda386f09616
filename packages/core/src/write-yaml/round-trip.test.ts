import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readYaml } from "../read-yaml/read-yaml.ts";
import { writeJsonList, writeYaml, writeYamlValue } from "./write-yaml.ts";

const odd = fc.constantFrom(
  ..."on y NO null ~ 1_000 0o755 0b1 1.0 1e3 .inf - -- --- ... ? : , # & * ! | > ' \" % @ ` { [ << = {} [] +1 1:30 2001-01-01 0x1F\n".split(
    " ",
  ),
);
const pieces = fc.array(
  fc.oneof(odd, fc.constantFrom(" ", "\n", "\t", "\r", "\u0085", "\u2028", "\ufeff", "a", "é", "🎉", "\0")),
  { maxLength: 6 },
);
const text = fc.oneof(
  odd,
  fc.string({ unit: "binary" }),
  pieces.map((parts) => parts.join("")),
);
// YAML packages take `__proto__` out of keys; it has its own test.
const key = text.filter((k) => k !== "__proto__");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** JSON knows one zero. */
const asJson = (json: unknown): unknown => JSON.parse(JSON.stringify(json));
const resource = (spec: unknown) => ({ apiVersion: "v1", kind: "Widget", metadata: { name: "web" }, spec });

describe("what is written is read back the same", () => {
  it("by readYaml, in YAML and in JSON, without a finding of an error", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (specs) => {
        const resources = specs.map(resource);
        for (const written of [writeYaml(resources), writeJsonList(resources)]) {
          const read = readYaml(written, { file: "f.yaml" });
          expect(read.findings.filter(({ severity }) => severity === "error")).toEqual([]);
          expect(read.resources).toEqual(asJson(resources));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["1.2", "1.1"] as const)("by the yaml package as a reader of YAML %s", (version) => {
    fc.assert(
      fc.property(value, (json) => {
        expect(
          parse(writeYamlValue(json), { version, schema: version === "1.1" ? "yaml-1.1" : "core" }),
        ).toEqual(asJson(json));
      }),
      { numRuns: 2000 },
    );
  });

  it("and written again gives the same bytes", () => {
    fc.assert(
      fc.property(value, (json) => {
        const written = writeYaml([resource(json)]);
        expect(writeYaml(readYaml(written, { file: "f.yaml" }).resources)).toBe(written);
      }),
    );
  });
});
