const CHUNK = 8192;

/**
 * Text of UTF-8 bytes. Total: a byte that is no part of valid UTF-8 (RFC 3629) becomes the half surrogate
 * `U+DC00 + byte`, which valid text cannot contain, so that the place of the mistake is kept for a finding.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  const units = new Uint16Array(CHUNK + 2);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at]!;
    if (first < 0x80) {
      units[length++] = first;
      at++;
    } else {
      const width = sequenceLength(bytes, at, first);
      const code = width === 0 ? 0xdc00 + first : codePoint(bytes, at, width);
      at += width || 1;
      if (code > 0xffff) {
        units[length++] = 0xd800 + ((code - 0x10000) >> 10);
        units[length++] = 0xdc00 + ((code - 0x10000) & 0x3ff);
      } else units[length++] = code;
    }
    if (length >= CHUNK) {
      parts.push(String.fromCharCode(...units.subarray(0, length)));
      length = 0;
    }
  }
  parts.push(String.fromCharCode(...units.subarray(0, length)));
  return parts.join("");
}

/** Length of the valid sequence that starts at `at`, or 0: no overlong forms, no surrogates, nothing above U+10FFFF. */
function sequenceLength(bytes: Uint8Array, at: number, first: number): number {
  const width =
    first >= 0xc2 && first <= 0xdf
      ? 2
      : first >= 0xe0 && first <= 0xef
        ? 3
        : first >= 0xf0 && first <= 0xf4
          ? 4
          : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  for (let i = 1; i < width; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return width;
}

function codePoint(bytes: Uint8Array, at: number, width: number): number {
  let code = bytes[at]! & (0xff >> (width + 1));
  for (let i = 1; i < width; i++) code = (code << 6) | (bytes[at + i]! & 0x3f);
  return code;
}
