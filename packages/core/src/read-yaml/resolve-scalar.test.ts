import { describe, expect, it } from "vitest";
import { base64Text } from "./base64.ts";
import { float32Text } from "./float32-text.ts";
import { keyText, resolvePlain, resolveScalar } from "./resolve-scalar.ts";

/** Expected values: sigs.k8s.io/yaml v1.6.0; conformance/suites/yaml.test.ts asks it about these and many more. */
describe("plain scalars as kubectl reads them", () => {
  it.each(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"])("%s is true", (text) => {
    expect(resolvePlain(text)).toEqual({ type: "boolean", value: true });
  });

  it.each(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"])(
    "%s is false",
    (text) => {
      expect(resolvePlain(text)).toEqual({ type: "boolean", value: false });
    },
  );

  it.each(["", "~", "null", "Null", "NULL"])("%j is null", (text) => {
    expect(resolvePlain(text)).toEqual({ type: "null" });
  });

  it.each([
    ["0", 0n],
    ["-0", 0n],
    ["+12", 12n],
    ["0777", 511n],
    ["0o17", 15n],
    ["0x1F", 31n],
    ["-0b11", -3n],
    ["0b-1", -1n],
    ["1_000", 1000n],
    ["0_7", 7n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)],
    ["18446744073709551615", 2n ** 64n - 1n],
  ])("%s is an integer", (text, value) => {
    expect(resolvePlain(text)).toEqual({ type: "integer", value });
  });

  it.each([
    ["08", 8],
    ["1.", 1],
    [".5", 0.5],
    ["-.5", -0.5],
    ["12e03", 12000],
    ["1_0.5", 10.5],
    [".1_0", 0.1],
    ["18446744073709551616", 2 ** 64],
    ["+9223372036854775808", 2 ** 63],
    [".inf", Number.POSITIVE_INFINITY],
    ["-.INF", Number.NEGATIVE_INFINITY],
    [".nan", Number.NaN],
  ])("%s is a float", (text, value) => {
    expect(resolvePlain(text)).toEqual({ type: "float", value });
  });

  it.each([
    "yEs",
    "oN",
    "nULL",
    "1e400",
    "0xg",
    "0b12",
    "1:30",
    "2001-01-01",
    "._1",
    "0x1FFFFFFFFFFFFFFFFF",
    "--1",
    "-",
    ".",
    "1,000",
    "<<",
    "=",
    "inf",
  ])("%s is text", (text) => {
    expect(resolvePlain(text)).toEqual({ type: "string", value: text });
  });

  it("takes no time for a million digits", () => {
    expect(resolvePlain("1".repeat(1_000_000)).type).toBe("string");
    expect(resolvePlain(`0x${"f".repeat(1_000_000)}`).type).toBe("string");
  });
});

describe("tags", () => {
  const tagged = (tag: string, value: string) =>
    resolveScalar({
      kind: "scalar",
      at: 0,
      value,
      implicit: false,
      tag: tag.replace("!!", "tag:yaml.org,2002:"),
    });

  it.each([
    ["!!str", "12", { type: "string", value: "12" }],
    ["!!int", "12", { type: "integer", value: 12n }],
    ["!!int", "1.5", undefined],
    ["!!float", "12", { type: "float", value: 12 }],
    ["!!float", "18446744073709551615", undefined],
    ["!!bool", "on", { type: "boolean", value: true }],
    ["!!bool", "1", undefined],
    ["!!null", "", { type: "null" }],
    ["!!null", "x", undefined],
    ["!!timestamp", "2004-02-29", { type: "string", value: "2004-02-29" }],
    ["!!timestamp", "2001-02-29", undefined],
    ["!!binary", "aGVsbG8=", { type: "string", value: "hello" }],
    ["!!binary", "aGVsbG8", undefined],
    ["!own", "12", { type: "string", value: "12" }],
    ["!", "12", { type: "string", value: "12" }],
  ])("%s %j", (tag, value, expected) => {
    expect(tagged(tag, value)).toEqual(expected);
  });
});

describe("keys", () => {
  it.each([
    ["0x1F", "31"],
    ["yes", "true"],
    ["1.1", "1.1"],
    ["16777217.0", "1.6777216e+07"],
    ["1e10", "1e+10"],
    ["1e39", ".inf"],
    ["18446744073709551615", undefined],
    ["~", undefined],
  ])("%s becomes %s", (text, key) => {
    expect(keyText(resolvePlain(text))).toBe(key);
  });

  // Go: strconv.FormatFloat(x, 'g', -1, 32)
  it.each([
    [0.1, "0.1"],
    [100000, "100000"],
    [1000000, "1e+06"],
    [1234567, "1.234567e+06"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-2.5, "-2.5"],
    [-0, "-0"],
    [Number.NaN, ".nan"],
  ])("%d in single precision is %s", (value, text) => {
    expect(float32Text(value)).toBe(text);
  });
});

describe("base64", () => {
  it.each([
    ["", ""],
    ["aGk=", "hi"],
    ["aG\nk=", "hi"],
    ["8J+OiQ==", "🎉"],
    ["/w==", "\ufffd"],
    ["7aCA", "\ufffd\ufffd\ufffd"],
    ["aG k=", undefined],
    ["a===", undefined],
    ["aGk", undefined],
    ["a-_=", undefined],
  ])("%j", (encoded, text) => {
    expect(base64Text(encoded)).toBe(text);
  });
});
