import type { Files } from "../right-set.ts";

/** Another checker of manifests, as its users run it. */
export interface Peer {
  /** With its version, as the table calls it. */
  readonly name: string;
  /** What it complains about in each of these sets: lines of text, none when it is content. */
  readonly complaints: (sets: readonly Files[]) => Promise<readonly (readonly string[])[]>;
}

/** The lines of an output. */
export function lines(output: string): readonly string[] {
  return output
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
