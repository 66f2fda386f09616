/** What every JavaScript runtime has beside the language, as far as pure packages use it. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;
declare class TextDecoder {
  constructor(encoding?: "utf-8", options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(query: string);
  get(name: string): string | null;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
