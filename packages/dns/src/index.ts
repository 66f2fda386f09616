export {
  type BodyItem,
  type Corefile,
  type CorefileItem,
  type CorefileNode,
  type CorefilePlace,
  type CorefileToken,
  type Directive,
  type DirectiveBlock,
  type Import,
  type ServerBlock,
  type Snippet,
  tokensOf,
} from "./corefile/ast.ts";
export { type CorefileEdit, editCorefile } from "./corefile/edit.ts";
export {
  type EffectiveAddress,
  type EffectiveCorefile,
  type EffectiveOptions,
  type EffectiveServer,
  effectiveCorefile,
  type ZoneClash,
  zoneClashes,
} from "./corefile/effective.ts";
export type { ServerKey, ServerTokens } from "./corefile/evaluate.ts";
export { formatCorefile } from "./corefile/format.ts";
export { addressText, readKey, type ZoneAddress, zoneName } from "./corefile/keys.ts";
export { type ParseCorefileOptions, type ParsedCorefile, parseCorefile } from "./corefile/parse.ts";
export { printCorefile } from "./corefile/print.ts";
export type { CorefileProblem } from "./corefile/problem.ts";
export { buildCorefile, type DirectiveData, type ServerData } from "./corefile/write.ts";
export { type WriteOptions, type WrittenWord, writeWord } from "./corefile/write-word.ts";
export {
  compareReleases,
  coreDnsRelease,
  coreDnsReleases,
  DEFAULT_COREDNS,
  livesIn,
  type PluginEntry,
  type PluginLife,
  pluginEntries,
  pluginEntry,
  pluginOrder,
} from "./plugins/table.ts";
export { validCorefile } from "./rules/valid-corefile.ts";
