import { expectTypeOf, test } from "vitest";
import type { CheckGroups } from "./check-types.ts";

test("right groups are themselves, a misspelt word is named", () => {
  type Right = {
    readonly developer: {
      readonly cluster: readonly ["cluster-view", "own"];
      readonly namespaces: { readonly dev: readonly ["admin"] };
    };
  };
  expectTypeOf<CheckGroups<Right, "dev" | "prod", "own">>().toEqualTypeOf<Right>();

  type Wrong = CheckGroups<
    {
      readonly developer: {
        readonly cluster: readonly ["cluster-veiw"];
        readonly namespaces: { readonly dve: readonly ["admin"] };
      };
    },
    "dev" | "prod"
  >;
  expectTypeOf<Wrong["developer"]["cluster"][0]>().toEqualTypeOf<"unknown role: cluster-veiw">();
  expectTypeOf<Wrong["developer"]["namespaces"]["dve"]>().toEqualTypeOf<"unknown namespace: dve">();
});
