import { array, int, literal, strictObject, string, union } from "zod";
import { once } from "./once.ts";

/**
 * The schema of a `SecretRef`, for the fields of intents that say where a value comes from: no field has room for the value.
 *
 * @example password: z.secretRef().describe("Where the password comes from.")
 */
export const secretRef = once(() =>
  union([
    strictObject({
      from: literal("env").describe("An environment variable of whoever runs the command."),
      name: string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable")
        .describe("Its name: REGISTRY_PASSWORD. Never the value."),
    }),
    strictObject({
      from: literal("file").describe("A file of whoever runs the command."),
      path: string().min(1).describe("Its path."),
    }),
    strictObject({
      from: literal("command").describe("What a program prints."),
      argv: array(string().min(1))
        .min(1)
        .transform((argv) => argv as [string, ...string[]])
        .readonly()
        .describe('The program and its arguments, one text each: ["pass", "show", "registry"].'),
    }),
    strictObject({
      from: literal("generated").describe("Made once at random, and kept in the cluster."),
      bytes: int().min(16).max(1024).describe("How many random bytes, 16 at least."),
    }),
  ]),
);
