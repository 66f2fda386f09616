import type { z } from "zod";
import type { Block } from "../block.ts";
import type { BlockBuilder } from "../define-block.ts";
import type { Rule } from "../inventory.ts";
import { isDnsSubdomain, isPathSegment } from "../names.ts";
import { applyPatches } from "../patch.ts";
import { apiGroup, type Resource, type ResourceRef, refOf } from "../resource.ts";
import { schemaParts } from "../schema-parts.ts";
import { type Sealed, seal } from "../sealed.ts";

/** What a test runner gives: `test` of vitest, node:test or jest. */
export interface TestRunner {
  readonly test: (name: string, run: () => void) => void;
}

export interface BlockContractOptions<Input> {
  readonly builder: BlockBuilder<Input>;
  /** At least two intents: the plainest one, and one that uses everything. */
  readonly cases: Readonly<Record<string, Input>>;
  /** The package's own rules; none may speak of what the block writes. */
  readonly rules: readonly Rule[];
}

/**
 * The checks that every block must pass, one test each: input not mutated, two runs equal, plain JSON only (but for how sealed
 * Secrets make their keys), names valid, own rules silent, every field of the intent described, at least two cases. A sealed
 * Secret gives the keys that it names, and the same ones twice.
 *
 * @example blockContract({ test }, { builder: firewall, cases: { plain, everything }, rules })
 */
export function blockContract<Input>({ test }: TestRunner, options: BlockContractOptions<Input>): void {
  const { builder, cases, rules } = options;
  const of = (name: string) => `${builder.blockName}: ${name}`;
  test(of("has at least two cases"), () => must(Object.keys(cases).length >= 2, "give two cases or more"));
  test(of("describes every field of its intent"), () => {
    const missing = undescribed(builder.intent, "");
    must(missing.length === 0, `without a description: ${missing.join(", ")}`);
  });
  for (const [name, input] of Object.entries(cases)) {
    test(of(`${name}: leaves its input alone and gives the same twice`), () => {
      const before = JSON.stringify(input);
      const [first, second] = [builder(input), builder(input)];
      must(JSON.stringify(input) === before, "the input was changed");
      must(JSON.stringify(first) === JSON.stringify(second), "two runs differ");
    });
    test(of(`${name}: is plain JSON with valid names`), () => {
      const { sealed = [], ...block } = builder(input);
      const plain = { ...block, sealed: sealed.map(({ data, ...rest }) => rest) };
      const copy = JSON.parse(JSON.stringify(plain)) as Block;
      must(deepEqual(copy, plain), "something in the block is not JSON");
      const secrets = sealed.map(sealedWithStandIns);
      for (const resource of [...block.resources, ...block.patches.map((p) => p.merge), ...secrets])
        must(isName(refOf(resource)), `bad name: ${refOf(resource).name}`);
    });
    test(of(`${name}: its own rules are silent`), () => {
      const block = builder(input);
      const { resources } = applyPatches(block.resources, block.patches);
      const findings = rules.flatMap((rule) => rule.check({ resources }));
      must(findings.length === 0, findings.map((f) => `${f.code}: ${f.message}`).join("\n"));
    });
  }
}

/** 32 characters, which keys of encryption may have to be. */
const STAND_IN = "stand-in".repeat(4);

/** The Secret with other values than the real ones. */
function sealedWithStandIns(sealed: Sealed): Resource {
  const values = Object.fromEntries(Object.keys(sealed.values).map((name) => [name, STAND_IN]));
  const secret = seal(sealed, values);
  const keys = Object.keys(secret.data as object);
  must(
    JSON.stringify(keys.toSorted()) === JSON.stringify(sealed.keys.toSorted()),
    `${sealed.metadata.name} gives ${keys.join(", ")}, and names ${sealed.keys.join(", ")}`,
  );
  must(deepEqual(seal(sealed, values), secret), `${sealed.metadata.name} gives other keys the second time`);
  return secret;
}

/** Roles and bindings may have names such as `developer:view`. */
function isName({ apiVersion, name }: ResourceRef): boolean {
  return apiGroup(apiVersion) === "rbac.authorization.k8s.io" ? isPathSegment(name) : isDnsSubdomain(name);
}

function must(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

function undescribed(schema: z.ZodType, path: string): string[] {
  const def = schemaParts(schema);
  const inner = [def.innerType, def.element, def.valueType, ...(def.options ?? [])].filter(
    (s) => s !== undefined,
  );
  return [
    ...inner.flatMap((s) => undescribed(s, path)),
    ...Object.entries(def.shape ?? {}).flatMap(([key, field]) => [
      ...(describedWithin(field) ? [] : [`${path}${key}`]),
      ...undescribed(field, `${path}${key}.`),
    ]),
  ];
}

/** A description may stand before or behind `.optional()` and `.default()`. */
function describedWithin(schema: z.ZodType): boolean {
  const { innerType } = schemaParts(schema);
  return schema.description !== undefined || (innerType !== undefined && describedWithin(innerType));
}

function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((k) => deepEqual(left[k], right[k]));
}
