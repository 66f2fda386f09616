/**
 * Base64 as Go's `encoding/base64` reads it (StdEncoding): padded, line breaks anywhere. Gives a byte string; `undefined`: it is
 * none. Bits that are left over may be anything.
 */
export function decodeBase64(text: string): string | undefined {
  const digits = text.replaceAll(/[\r\n]/g, "");
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return undefined;
  return atob(digits);
}

/** The same without padding (RawStdEncoding): an equals sign makes it wrong. */
export function decodeRawBase64(text: string): string | undefined {
  const digits = text.replaceAll(/[\r\n]/g, "");
  if (digits.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(digits)) return undefined;
  return atob(digits);
}
