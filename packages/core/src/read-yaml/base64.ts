import { decodeUtf8 } from "./decode-utf8.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The text of standard base64 with padding, as kubectl's reader takes `!!binary`: line breaks are skipped, nothing else
 * is, and each byte that is no UTF-8 becomes U+FFFD. `undefined`: not base64.
 */
export function base64Text(encoded: string): string | undefined {
  const text = encoded.replace(/[\r\n]/g, "");
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const bytes = new Uint8Array((text.length / 4) * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => Math.max(0, ALPHABET.indexOf(text[at + i]!))) as [
      number,
      number,
      number,
      number,
    ];
    const bits = (a << 18) | (b << 12) | (c << 6) | d;
    bytes[length++] = bits >> 16;
    bytes[length++] = (bits >> 8) & 0xff;
    bytes[length++] = bits & 0xff;
  }
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return replaceHalves(decodeUtf8(bytes.subarray(0, length - padding)));
}

/** Text in which each half of a surrogate pair is U+FFFD, as Go decodes both invalid bytes and invalid `\u` escapes. */
export function replaceHalves(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}
