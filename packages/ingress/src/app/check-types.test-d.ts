import { expectTypeOf, test } from "vitest";
import type { CheckApps } from "./check-types.ts";

test("right apps are themselves, an unknown word is named", () => {
  type Right = {
    readonly wiki: { readonly host: "wiki.strix.kr"; readonly to: "dokuwiki.default:80" };
    readonly dashboard: {
      readonly host: "k8s.strix.kr";
      readonly to: "https://kube-dashboard.kube-system:443";
      readonly login: readonly ["operator"];
    };
    readonly logs: { readonly to: "kibana.default:443"; readonly login: "any" };
  };
  expectTypeOf<CheckApps<Right, "default" | "kube-system", "operator">>().toEqualTypeOf<Right>();

  type Wrong = CheckApps<
    {
      readonly wiki: { readonly to: "https://dokuwiki.defautl:80"; readonly login: readonly ["oprator"] };
      readonly bad: { readonly to: "dokuwiki" };
    },
    "default",
    "operator"
  >;
  expectTypeOf<Wrong["wiki"]["to"]>().toEqualTypeOf<"unknown namespace: defautl">();
  expectTypeOf<Wrong["wiki"]["login"][0]>().toEqualTypeOf<"unknown group: oprator">();
  expectTypeOf<Wrong["bad"]["to"]>().toEqualTypeOf<"write SERVICE.NAMESPACE:PORT, not: dokuwiki">();
});

test("texts that are not known are left alone", () => {
  type Open = { readonly [name: string]: { readonly to: string; readonly login: readonly string[] } };
  expectTypeOf<CheckApps<Open, "default", never>[string]["to"]>().toEqualTypeOf<string>();
});
