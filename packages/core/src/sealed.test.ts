import fc from "fast-check";
import { expect, test } from "vitest";
import { seal } from "./sealed.ts";

const SEALED = {
  metadata: { name: "db", namespace: "prod" },
  type: "Opaque",
  values: { password: { from: "env", name: "DB_PASSWORD" } },
  keys: ["uri"],
  data: ({ password }: Readonly<Record<string, string>>) => ({ uri: `postgres://app:${password}@db` }),
} as const;

test("a sealed Secret with its values is the Secret", () => {
  expect(seal(SEALED, { password: "pässword" })).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "db", namespace: "prod" },
    type: "Opaque",
    data: { uri: Buffer.from("postgres://app:pässword@db").toString("base64") },
  });
});

test("a value that is missing is named, and those that are there are not shown", () => {
  const two = { ...SEALED, values: { ...SEALED.values, user: { from: "env", name: "DB_USER" } } } as const;
  expect(() => seal(two, { password: "c4n4ry" })).toThrow(/^no value for user of Secret db$/);
});

test("data is base64 of the text's UTF-8, whatever the value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (password) => {
      const { data } = seal(SEALED, { password }) as { data?: { uri: string } };
      expect(data?.uri).toBe(Buffer.from(`postgres://app:${password}@db`, "utf8").toString("base64"));
    }),
    { numRuns: 1000 },
  );
});
