import { expectTypeOf, test } from "vitest";
import type { CheckPullsClaim } from "./check-types.ts";

type Check<S> = CheckPullsClaim<S, "prod" | "dev", "default" | "prod" | "dev">;

test("a right claim is itself", () => {
  expectTypeOf<Check<"dev pulls from a.test">>().toEqualTypeOf<"dev pulls from a.test">();
  expectTypeOf<Check<"env:prod pulls a.test/b:1">>().toEqualTypeOf<"env:prod pulls a.test/b:1">();
  expectTypeOf<
    Check<"dev/Deployment/web pulls from a.test">
  >().toEqualTypeOf<"dev/Deployment/web pulls from a.test">();
  expectTypeOf<
    Check<"serviceaccount:dev/ci pulls from a.test">
  >().toEqualTypeOf<"serviceaccount:dev/ci pulls from a.test">();
  expectTypeOf<Check<string>>().toEqualTypeOf<string>();
});

test("the misspelt word is named", () => {
  expectTypeOf<Check<"dve pulls from a.test">>().toEqualTypeOf<"unknown namespace: dve">();
  expectTypeOf<Check<"env:dve pulls from a.test">>().toEqualTypeOf<"unknown environment: dve">();
  expectTypeOf<Check<"dve/Deployment/web pulls a">>().toEqualTypeOf<"unknown namespace: dve">();
  expectTypeOf<Check<"serviceaccount:dve/ci pulls a">>().toEqualTypeOf<"unknown namespace: dve">();
  expectTypeOf<Check<"dev pull a">>().toEqualTypeOf<"a claim about pulling needs pulls: dev pull a">();
});
