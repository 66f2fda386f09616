export { clusterDns } from "./cluster-dns/cluster-dns.ts";
export { type ClusterDnsIntent, clusterDnsIntent } from "./cluster-dns/intent.ts";
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
export { externalNames } from "./external-name/external-names.ts";
export { type ExternalNamesIntent, externalNamesIntent } from "./external-name/intent.ts";
export { noBrokenExternalName } from "./external-name/no-broken-external-name.ts";
export { noPublicResolver } from "./external-name/no-public-resolver.ts";
export type { KubeDnsRemovalInput } from "./kube-dns/intent.ts";
export { kubeDnsRemoval } from "./kube-dns/kube-dns-removal.ts";
export { type LintCorefileOptions, lintCorefile } from "./lint/lint-corefile.ts";
export {
  type CorefileMigration,
  type MigrateCorefileOptions,
  type MigratedCorefile,
  migrateCorefile,
} from "./migrate/migrate.ts";
export type { MigrationChoices, MigrationStep } from "./migrate/stage.ts";
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
export type { ResolvesClaim } from "./resolve/claims/claim.ts";
export { type ParseResolvesClaimOptions, parseResolvesClaim } from "./resolve/claims/parse-claim.ts";
export { proveResolves, type ResolvesProof } from "./resolve/claims/prove-resolves.ts";
export { type DnsChange, dnsDiff, formatDnsChange, formatDnsChanges } from "./resolve/diff.ts";
export { explainName } from "./resolve/explain.ts";
export { type DnsModel, type DnsModelOptions, dnsModel, type ResolvConf } from "./resolve/model.ts";
export type { DnsRecord, Forwarded } from "./resolve/record.ts";
export { type ResolveOptions, resolveName } from "./resolve/resolve-name.ts";
export type { DnsOutcome, DnsVerdict } from "./resolve/verdict.ts";
export { dnsRules } from "./rules/index.ts";
export { validCorefile } from "./rules/valid-corefile.ts";
