import { askProgram, type CorefileCase } from "../components/coredns.ts";

export interface ParserCase extends CorefileCase {
  /** Names that are plugins; absent: any. */
  readonly directives?: readonly string[];
  /** Expected to run without end; it is ended after two seconds. */
  readonly hangs?: boolean;
}

export interface ParserWord {
  /** `/Corefile`'s own words have none. */
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** What CoreDNS's parser (github.com/coredns/caddy, package caddyfile) made of a Corefile that stands at `/Corefile`. */
export interface ParserAnswer {
  readonly words: readonly ParserWord[];
  readonly blocks: readonly {
    readonly keys: readonly string[];
    readonly plugins: Readonly<Record<string, readonly ParserWord[]>>;
  }[];
  /** Empty: it took the file. */
  readonly error: string;
  readonly hangs: boolean;
}

/** Answers come in the order of the cases. */
export async function parseWithCaddy(cases: readonly ParserCase[]): Promise<ParserAnswer[]> {
  return (await askProgram("corefile", [], cases)) as ParserAnswer[];
}
