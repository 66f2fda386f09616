import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeUtf8 } from "./decode-utf8.ts";

describe("UTF-8", () => {
  it("is decoded as the platform decodes it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
      }),
    );
    const long = "é日🎉a".repeat(20_000);
    expect(decodeUtf8(new TextEncoder().encode(long))).toBe(long);
  });

  it("is refused exactly where the platform refuses it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        let isValid = true;
        try {
          strict.decode(bytes);
        } catch {
          isValid = false;
        }
        expect(/\p{Surrogate}/u.test(decodeUtf8(bytes))).toBe(!isValid);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [[0xff], "\udcff"],
    [[0x61, 0xc3], "a\udcc3"],
    [[0xc0, 0xaf], "\udcc0\udcaf"],
    [[0xed, 0xa0, 0x80], "\udced\udca0\udc80"],
    [[0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
  ])("keeps the bytes %j that it cannot read", (bytes, text) => {
    expect(decodeUtf8(new Uint8Array(bytes))).toBe(text);
  });
});
