/**
 * A text as Go has it: its UTF-8, one character for each byte. Lengths, orders and escapes are those of bytes.
 *
 * @example toBytes("é") // "\u00c3\u00a9"
 */
export function toBytes(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** The text again; what is no UTF-8 becomes U+FFFD. */
export function fromBytes(bytes: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(bytes, (char) => char.charCodeAt(0)),
  );
}
