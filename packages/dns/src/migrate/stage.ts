import type { Finding, Place } from "@ashlar/core";
import type { BodyItem, Corefile, CorefileItem, Directive, ServerBlock } from "../corefile/ast.ts";
import type { ServerTokens } from "../corefile/evaluate.ts";
import type { Body } from "./edits.ts";
import { apartFromComment, changedLines, type Splice, spanOf } from "./splice.ts";

/** One change on the way, and why it is made. */
export interface MigrationStep {
  /** The CoreDNS release that asks for it: `1.5.0`. */
  readonly version: string;
  readonly plugin: string;
  /** The word in the plugin's block, when only that changes. */
  readonly option?: string;
  /** What is done: `proxy becomes forward`. */
  readonly what: string;
  readonly why: string;
  /** What CoreDNS no longer does then; absent where it does the same as before. */
  readonly lost?: string;
  /** The lines that go, as they are at that step, and those that come instead. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** In the text that was given. */
  readonly at: Place;
}

/** What a user decides where the old words have no equivalent. */
export interface MigrationChoices {
  /**
   * `upstream ADDRESS…` chose who resolves the targets of ExternalName services; since 1.4.0 CoreDNS asks itself. `"drop"`: so be it, with a
   * warning. `"forward"`: the block's `forward .` gets these addresses, for every name that CoreDNS does not know itself.
   */
  readonly upstream?: "drop" | "forward";
  /** Kubernetes federation v1 is gone. `"refuse"` (the default), or `"drop"` the plugin with its names. */
  readonly federation?: "refuse" | "drop";
  /** Whether to add what Kubernetes' default Corefile gained: `loop`, `ready`, `lameduck 5s`, `max_concurrent 1000`. Default: `"add"`. */
  readonly defaults?: "add" | "leave";
}

/** A directive, and the server block or snippet that it stands in. */
export interface Placed {
  readonly body: Body;
  readonly directive: Directive;
}

export interface Change {
  readonly plugin: string;
  readonly option?: string;
  readonly what: string;
  readonly why: string;
  readonly lost?: string;
  readonly node: CorefileItem | BodyItem;
  readonly splices: readonly Splice[];
}

/** A Corefile on its way, before the changes of one rule. */
export interface Stage {
  readonly tree: Corefile;
  readonly text: string;
  readonly from: string;
  readonly to: string;
  readonly choices: MigrationChoices;
  /** A server block's words after snippets and imports; `undefined` for one without a key. */
  readonly effective: (server: ServerBlock) => ServerTokens | undefined;
  readonly change: (change: Change) => void;
  /** There is no equivalent: nothing will be migrated. */
  readonly refuse: (node: CorefileItem | BodyItem, message: string, hint: string) => void;
}

/** What a release asks for. */
export interface MigrationRule {
  readonly version: string;
  readonly run: (stage: Stage) => void;
}

/** What a stage gathers. */
export interface Gathered {
  readonly splices: Splice[];
  readonly steps: MigrationStep[];
  readonly findings: Finding[];
}

/** Keeps changes and refusals of one rule. `place` leads an offset of the stage's text to the text that was given. */
export function gatherInto(
  { splices, steps, findings }: Gathered,
  version: string,
  { text, choices }: Pick<Stage, "text" | "choices">,
  place: (offset: number) => Place,
): Pick<Stage, "change" | "refuse"> {
  return {
    change: ({ node, splices: wanted, lost, ...step }) => {
      const parts = wanted.map((splice) => apartFromComment(text, splice));
      splices.push(...parts);
      const at = place(spanOf(node).start);
      steps.push({
        version,
        ...step,
        ...(lost !== undefined && { lost }),
        ...changedLines(text, parts),
        at,
      });
      if (lost !== undefined) findings.push(changedMeaning(step, version, lost, at, choices));
    },
    refuse: (node, message, hint) =>
      void findings.push({
        code: "dns/no-migration",
        severity: "error",
        message,
        hint,
        path: "",
        at: place(spanOf(node).start),
      }),
  };
}

function changedMeaning(
  { plugin, option, what }: Pick<MigrationStep, "plugin" | "option" | "what">,
  version: string,
  lost: string,
  at: Place,
  { upstream }: MigrationChoices,
): Finding {
  return {
    code: "dns/no-changed-meaning",
    severity: "warning",
    message: `${plugin}: ${what} (CoreDNS ${version}). ${lost}`,
    hint:
      option === "upstream" && upstream !== "forward"
        ? 'migrate with upstream: "forward" to send all names that CoreDNS does not know to these addresses, or leave it if the resolvers of forward are the right ones'
        : "see that the new Corefile still does what was meant",
    path: "",
    at,
  };
}

/** Every directive of a server block or snippet, by name. */
export function directivesOf({ tree }: Pick<Stage, "tree">, ...names: readonly string[]): Placed[] {
  return tree.items.flatMap((body) =>
    body.kind === "import"
      ? []
      : body.body.flatMap((directive) =>
          directive.kind === "directive" && names.includes(directive.name.text) ? [{ body, directive }] : [],
        ),
  );
}

/** The lines of a directive's block with one of these names. */
export function optionsOf({ block }: Directive, ...names: readonly string[]): Directive[] {
  return (block?.body ?? []).filter(
    (item): item is Directive => item.kind === "directive" && names.includes(item.name.text),
  );
}

export function wordsOf({ args }: Directive): string[] {
  return args.map((arg) => arg.text);
}
