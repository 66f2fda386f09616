import type { Corefile, Directive } from "../corefile/ast.ts";
import { compareReleases, coreDnsReleases, livesIn, type PluginLife, pluginEntry } from "../plugins/table.ts";

/** A word of a Corefile that the table of plugins knows. */
export interface KnownWord {
  readonly directive: Directive;
  /** The option's line, when the word is one of the plugin's block. */
  readonly option?: Directive;
  readonly life: PluginLife;
}

/** `forward`, `forward max_concurrent`. */
export function wordText({ directive, option }: Pick<KnownWord, "directive" | "option">): string {
  return [directive.name.text, ...(option ? [option.name.text] : [])].join(" ");
}

/** The plugins and options of server blocks and snippets that the table knows, in the order of the text. */
export function knownWords(tree: Corefile): KnownWord[] {
  return tree.items.flatMap((item) =>
    item.kind === "import"
      ? []
      : item.body.flatMap((directive) => (directive.kind === "directive" ? wordsOfPlugin(directive) : [])),
  );
}

function wordsOfPlugin(directive: Directive): KnownWord[] {
  const entry = pluginEntry(directive.name.text);
  if (!entry) return [];
  const options = (directive.block?.body ?? []).flatMap((option) => {
    if (option.kind !== "directive") return [];
    const life = entry.options.find(({ name }) => name === option.name.text);
    return life ? [{ directive, option, life }] : [];
  });
  return [{ directive, life: entry }, ...options];
}

/** The releases that have all words, oldest first. */
export function releasesWith(words: readonly KnownWord[]): string[] {
  return coreDnsReleases().filter((release) => words.every(({ life }) => livesIn(life, release)));
}

/** A guess at the release that a Corefile was written for, and what it rests on. */
export interface GuessedRelease {
  readonly release: string;
  readonly because: string;
}

/**
 * From the words: a file that the target takes as it is counts as one for the target. One with words that are gone counts as the oldest
 * that has all of them, so that what the default Corefile gained since is offered; a newer file counts as the newest.
 */
export function guessRelease(tree: Corefile, to: string): GuessedRelease {
  const words = knownWords(tree);
  const releases = releasesWith(words);
  if (releases.includes(to)) return { release: to, because: `CoreDNS ${to} has all its plugins and options` };
  const oldest = releases[0];
  if (oldest === undefined)
    return { release: to, because: "no release of CoreDNS has all its plugins and options together" };
  const newest = releases.at(-1)!;
  const telling = words.find(({ life }) => !livesIn(life, to))!;
  const range = oldest === newest ? oldest : `${oldest} to ${newest}`;
  return compareReleases(newest, to) < 0
    ? {
        release: oldest,
        because: `CoreDNS ${range} has all its words (${wordText(telling)} is gone since ${telling.life.removed}), and the oldest is assumed`,
      }
    : {
        release: newest,
        because: `CoreDNS ${range} has all its words (${wordText(telling)} came with ${telling.life.since})`,
      };
}
