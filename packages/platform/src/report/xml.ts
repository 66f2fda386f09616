import { escapeOf } from "./characters.ts";

/** An element as data; written only by {@link writeXml}, so that no text is ever taken for markup. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly children?: readonly (XmlElement | string)[];
}

/**
 * An XML 1.0 document in UTF-8. Characters that XML cannot hold, not even as references (most control characters, lone
 * surrogates, U+FFFE and U+FFFF), are written as `\u001b`. Elements stand on lines of their own; text keeps its white space.
 *
 * Element and attribute names are the caller's own words, never input.
 */
export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, "")}`;
}

function element({ name, attributes = {}, children = [] }: XmlElement, indent: string): string {
  const open = `${indent}<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value), ATTRIBUTE)}"`)
    .join("")}`;
  if (children.length === 0) return `${open}/>\n`;
  if (children.some((child) => typeof child === "string"))
    return `${open}>${children.map((child) => (typeof child === "string" ? escaped(child, TEXT) : element(child, "").trimEnd())).join("")}</${name}>\n`;
  return `${open}>\n${children.map((child) => element(child as XmlElement, `${indent}  `)).join("")}${indent}</${name}>\n`;
}

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** What the Char production of XML 1.0 leaves out. */
const NO_CHAR = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
/** A reader turns CR into LF in text, and each of tab, CR and LF into a space in attributes, unless they are references. */
const TEXT = /[&<>\r]/g;
const ATTRIBUTE = /[&<>"\t\n\r]/g;

function escaped(text: string, special: RegExp): string {
  return text.replace(NO_CHAR, escapeOf).replace(special, (c) => REFERENCES[c] as string);
}
