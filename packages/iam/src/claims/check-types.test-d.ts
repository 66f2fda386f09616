import { expectTypeOf, test } from "vitest";
import type { CheckAccessClaim } from "./check-types.ts";

type Check<S> = CheckAccessClaim<S, "developer" | "operator", "prod" | "dev", "default" | "prod" | "dev">;

test("a right claim is itself", () => {
  expectTypeOf<
    Check<"developer can create deployments in dev">
  >().toEqualTypeOf<"developer can create deployments in dev">();
  expectTypeOf<
    Check<"developer cannot get secrets in env:prod">
  >().toEqualTypeOf<"developer cannot get secrets in env:prod">();
  expectTypeOf<Check<"group:x can get /metrics">>().toEqualTypeOf<"group:x can get /metrics">();
  expectTypeOf<
    Check<"anyone cannot get pods in any namespace">
  >().toEqualTypeOf<"anyone cannot get pods in any namespace">();
  expectTypeOf<
    Check<"serviceaccount:dev/a can get pods named a in dev">
  >().toEqualTypeOf<"serviceaccount:dev/a can get pods named a in dev">();
  expectTypeOf<Check<string>>().toEqualTypeOf<string>();
});

test("the misspelt word is named", () => {
  expectTypeOf<Check<"develper can get pods">>().toEqualTypeOf<"unknown group: develper">();
  expectTypeOf<Check<"developer can get pods in dve">>().toEqualTypeOf<"unknown namespace: dve">();
  expectTypeOf<Check<"developer cannot get pods in env:prd">>().toEqualTypeOf<"unknown environment: prd">();
  expectTypeOf<Check<"serviceaccount:dv/a can get pods">>().toEqualTypeOf<"unknown namespace: dv">();
  expectTypeOf<
    Check<"developer may get pods">
  >().toEqualTypeOf<"a claim about access needs can or cannot: developer may get pods">();
});
