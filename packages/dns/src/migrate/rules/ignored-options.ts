import type { Directive } from "../../corefile/ast.ts";
import { compareReleases } from "../../plugins/table.ts";
import { below, withoutOptions, withoutWord } from "../edits.ts";
import type { Splice } from "../splice.ts";
import { directivesOf, type MigrationRule, optionsOf, type Placed, type Stage, wordsOf } from "../stage.ts";

/** CoreDNS resolves targets of CNAMEs by itself since 1.4.0: the addresses of `upstream` mean nothing any more. */
export const upstream: MigrationRule = {
  version: "1.4.0",
  run: (stage) => {
    const plugins = ["kubernetes", "file", "auto", "secondary", "etcd", "template"];
    for (const placed of directivesOf(stage, ...plugins)) dropUpstream(stage, placed, "1.4.0");
  },
};

/** The federation plugin lost its `upstream` later than the others. */
export const federationUpstream: MigrationRule = {
  version: "1.6.3",
  run: (stage) => {
    for (const placed of directivesOf(stage, "federation")) dropUpstream(stage, placed, "1.6.3");
  },
};

function dropUpstream(stage: Stage, { body, directive }: Placed, version: string): void {
  const gone = optionsOf(directive, "upstream");
  if (gone.length === 0) return;
  const plugin = directive.name.text;
  const addresses = gone.at(-1)!.args;
  const raws = addresses.map((address) => address.raw).join(" ");
  const [first] = directivesOf({ tree: { ...stage.tree, items: [body] } }, "kubernetes");
  const forward =
    addresses.length > 0 && stage.choices.upstream === "forward" && first?.directive === directive;
  const meant = addresses.length > 0 && compareReleases(stage.from, version) < 0;
  const resolved =
    plugin === "kubernetes" ? "the targets of ExternalName services" : `the targets of CNAMEs in ${plugin}`;
  stage.change({
    plugin,
    option: "upstream",
    what: forward
      ? `upstream is taken away, and all names that CoreDNS does not know go to ${raws}`
      : "upstream is taken away",
    why: `since 1.4.0 CoreDNS resolves ${resolved} by asking itself, so the forward (or proxy) of the matching block decides who resolves them`,
    ...(meant &&
      !forward && {
        lost: `${raws} resolved ${resolved}; from now on the resolvers of the block's forward do`,
      }),
    ...(forward && {
      lost: `${raws} resolved ${resolved} only; from now on they get all names of other zones`,
    }),
    node: gone[0]!,
    splices: [
      ...withoutOptions(stage.text, directive, gone),
      ...(forward ? forwardTo(stage, { body, directive }, raws) : []),
    ],
  });
}

/** Gives the default forward of the same block these addresses. */
function forwardTo(stage: Stage, { body, directive }: Placed, raws: string): Splice[] {
  const main = directivesOf({ tree: { ...stage.tree, items: [body] } }, "forward", "proxy").find(
    ({ directive: { args } }) => args[0]?.text === "." && args.length > 1,
  );
  if (!main) return [below(stage.text, directive, [{ line: `proxy . ${raws}` }])];
  const [, first, ...others] = main.directive.args;
  return [
    { start: first!.at.offset, end: first!.at.offset + first!.raw.length, text: raws },
    ...others.map(withoutWord),
  ];
}

/** Of several API servers only the first is used. */
export const endpoint: MigrationRule = {
  version: "1.4.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "kubernetes"))
      for (const option of optionsOf(directive, "endpoint")) {
        const [first, ...others] = option.args;
        if (!first || others.length === 0) continue;
        stage.change({
          plugin: "kubernetes",
          option: "endpoint",
          what: `only ${first.raw} stays`,
          why: "since 1.4.0 the kubernetes plugin takes one API server and leaves the others out",
          ...(compareReleases(stage.from, "1.4.0") < 0 && {
            lost: `There is no other API server when ${first.raw} does not answer`,
          }),
          node: option,
          splices: others.map(withoutWord),
        });
      }
  },
};

/** The watch of the API is not renewed by the clock any more. */
export const resyncPeriod: MigrationRule = {
  version: "1.6.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "kubernetes")) {
      const gone = optionsOf(directive, "resyncperiod");
      if (gone.length === 0) continue;
      stage.change({
        plugin: "kubernetes",
        option: "resyncperiod",
        what: "resyncperiod is taken away",
        why: "1.6.0 ignores it (it watches the API without a period), and 1.7.0 does not start with it",
        node: gone[0]!,
        splices: withoutOptions(stage.text, directive, gone),
      });
    }
  },
};

/** Files that are never read again are now said with a period of 0. */
export const noReload: MigrationRule = {
  version: "1.5.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "file", "auto"))
      for (const option of optionsOf(directive, "no_reload"))
        stage.change({
          plugin: directive.name.text,
          option: "no_reload",
          what: "no_reload becomes reload 0",
          why: "1.5.0 removed no_reload; a reload period of 0 means the same",
          node: option,
          splices: [nameBecomes(option, "reload 0")],
        });
  },
};

/** `directory DIR REGEXP TEMPLATE SECONDS`: the seconds have an option of their own. */
export const autoTimeout: MigrationRule = {
  version: "1.5.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "auto"))
      for (const option of optionsOf(directive, "directory")) {
        const seconds = option.args[3];
        if (!seconds) continue;
        const has = optionsOf(directive, "reload", "no_reload").length > 0;
        if (!has && !/^[0-9]{1,9}$/.test(seconds.text)) {
          stage.refuse(option, `auto's period "${seconds.text}" is no number of seconds`, "write a number");
          continue;
        }
        stage.change({
          plugin: "auto",
          option: "directory",
          what: has ? "the period goes" : `the period of ${seconds.raw} s becomes reload`,
          why: "since 1.5.0 auto looks for new files as often as reload says, and directory takes no period",
          ...(has && {
            lost: `Files were looked for every ${seconds.raw} s; now that is as often as reload says`,
          }),
          node: option,
          splices: [
            ...option.args.slice(3).map(withoutWord),
            ...(has
              ? []
              : [below(stage.text, option, [{ line: `reload ${Math.max(1, Number(seconds.text))}s` }])]),
          ],
        });
      }
  },
};

/** `directory DIR REGEXP`: the template became obligatory. */
export const autoTemplate: MigrationRule = {
  version: "1.5.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "auto"))
      for (const option of optionsOf(directive, "directory")) {
        const [, expression, template] = option.args;
        if (!expression || template) continue;
        const at = expression.at.offset + expression.raw.length;
        stage.change({
          plugin: "auto",
          option: "directory",
          what: "the template {1} is added",
          why: "it is what an absent one meant, and today's CoreDNS does not take an expression without a template",
          node: option,
          splices: [{ start: at, end: at, text: " {1}" }],
        });
      }
  },
};

/** Rules of header say whether they are for queries or for answers. */
export const headerSelector: MigrationRule = {
  version: "1.12.4",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "header"))
      for (const option of optionsOf(directive, "set", "clear"))
        stage.change({
          plugin: "header",
          option: option.name.text,
          what: `${[option.name.text, ...wordsOf(option)].join(" ")} gets the selector response`,
          why: "a rule without a selector was one for answers; since 1.12.4 CoreDNS does not start with it",
          node: option,
          splices: [nameBecomes(option, `response ${option.name.raw}`)],
        });
  },
};

/** `startup COMMAND` is `on startup COMMAND`. */
export const onEvents: MigrationRule = {
  version: "1.1.0",
  run: (stage) => {
    for (const { directive } of directivesOf(stage, "startup", "shutdown"))
      stage.change({
        plugin: directive.name.text,
        what: `${directive.name.text} becomes on ${directive.name.text}`,
        why: "1.1.0 removed the plugin; on runs commands at events since 1.0.5",
        node: directive,
        splices: [nameBecomes(directive, `on ${directive.name.raw}`)],
      });
  },
};

function nameBecomes({ name }: Directive, text: string): Splice {
  return { start: name.at.offset, end: name.at.offset + name.raw.length, text };
}
