import { describe, expect, test } from "vitest";
import { millis, parseQuantity, units } from "./quantity.ts";

// Expected values from apimachinery's documentation of resource.Quantity.

describe("parseQuantity", () => {
  test.each<[unknown, bigint]>([
    ["0", 0n],
    ["100m", 100n],
    ["1", 1000n],
    [1, 1000n],
    [0.5, 500n],
    ["1.5Gi", 1610612736000n],
    ["1e3", 1000000n],
    ["1E", 10n ** 21n],
    ["2Ki", 2048000n],
    ["-1", -1000n],
    [".5", 500n],
    ["5.", 5000n],
  ])("%s is %i thousandths", (text, thousandths) => {
    expect(millis(parseQuantity(text)!)).toBe(thousandths);
  });

  test("what is finer than a thousandth is rounded away from zero", () => {
    expect(millis(parseQuantity("0.0001")!)).toBe(1n);
    expect(millis(parseQuantity("-0.0001")!)).toBe(-1n);
    expect(units(parseQuantity("1.2")!)).toBe(2n);
  });

  test.each(["", "x", "1 Gi", "1gi", "1GB", "--1", "1e", "1.2.3", null, true, {}, "0x10"])(
    "%s is none",
    (value) => {
      expect(parseQuantity(value)).toBeUndefined();
    },
  );

  test("huge ones take no time, and stay in order", () => {
    const huge = parseQuantity(`1e${"9".repeat(8)}`)!;
    expect(huge.nanos > parseQuantity("999999Ei")!.nanos).toBe(true);
    expect(parseQuantity(`1e-${"9".repeat(8)}`)!.nanos).toBe(1n);
    expect(parseQuantity("9".repeat(100_000))!.nanos).toBe(huge.nanos);
    expect(parseQuantity("1e99999999999")).toBeUndefined();
  });
});
