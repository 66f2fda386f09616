import { type Finding, fieldsOf, findingAbout, formatPath, type Inventory } from "@ashlar/core";
import { type EffectiveOptions, effectiveCorefile } from "../corefile/effective.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { lintCorefile } from "../lint/lint-corefile.ts";
import { type LintServer, lintServers } from "../lint/statements.ts";
import { type CorefileTexts, textsOfCorefile } from "./corefile-texts.ts";

import { placeInside } from "./valid-corefile.ts";

/** How the Corefile is read: its own path, and the files beside it. */
function readingOf({
  main,
  texts,
  unknownFile,
}: CorefileTexts): EffectiveOptions & { readonly file: string } {
  const [file] = [...texts].find(([, text]) => text === main)!;
  return { file, files: Object.fromEntries([...texts].map(([path, { text }]) => [path, text])), unknownFile };
}

/** The server blocks of a Corefile of the set; `undefined` when CoreDNS does not read it to its end. */
export function serversOf(texts: CorefileTexts): readonly LintServer[] | undefined {
  const { file, ...options } = readingOf(texts);
  const effective = effectiveCorefile(parseCorefile(texts.main.text, { file }).value, options);
  return effective.problem ? undefined : lintServers(effective);
}

const known = new WeakMap<Inventory, readonly Finding[]>();

/** What the lint says of every Corefile of the set, its imports put in, at the places in the ConfigMaps. */
export function lintOfSet(inventory: Inventory): readonly Finding[] {
  const before = known.get(inventory);
  if (before) return before;
  const { versions, locate } = inventory;
  const coredns = versions?.coredns;
  const findings = textsOfCorefile(inventory).flatMap((corefile) => {
    const reading = readingOf(corefile);
    return lintCorefile(corefile.main.text, { ...reading, ...(coredns !== undefined && { coredns }) }).map(
      (finding) => {
        const { at, related: _, ...rest } = finding;
        const { resource, key, text } = corefile.texts.get(at?.file ?? "") ?? corefile.main;
        const path = formatPath(["data", key]);
        const message = at ? `line ${at.line} of ${key}: ${rest.message}` : rest.message;
        const about = findingAbout(resource, locate, { ...rest, message, path });
        const keys = Object.keys(fieldsOf(resource.data));
        const place = locate && at && placeInside(resource, path, keys, text, locate)?.(at);
        return place ? { ...about, at: place } : about;
      },
    );
  });
  known.set(inventory, findings);
  return findings;
}
