import { once } from "@ashlar/core";
import { lookUpCredentials } from "../docker-config/keyring.ts";
import type { KnownSecret, PullsModel } from "./model.ts";

interface Index {
  /** Host and port without globs → the Secrets with a login for it. */
  readonly byHost: ReadonlyMap<string, readonly KnownSecret[]>;
  /** Secrets whose logins may be for any host. */
  readonly others: readonly KnownSecret[];
  /** Whether all images of a registry have the same Secrets: no server has a path. */
  readonly isByRegistry: boolean;
  readonly answers: Map<string, readonly KnownSecret[]>;
}

const indexes = new WeakMap<PullsModel, () => Index>();

/**
 * The Secrets of the set whose logins are for an image, of all namespaces.
 *
 * @param repository the image's registry and path: `registry.example.com/api`
 */
export function secretsFor(model: PullsModel, repository: string): readonly KnownSecret[] {
  const make = indexes.get(model) ?? once(() => indexOf(model));
  indexes.set(model, make);
  const { byHost, others, isByRegistry, answers } = make();
  const registry = repository.slice(0, repository.indexOf("/"));
  const question = isByRegistry ? registry : repository;
  const known = answers.get(question);
  if (known !== undefined) return known;
  const found = [...new Set([...(byHost.get(registry) ?? []), ...others])].filter(({ keyring }) =>
    lookUpCredentials(keyring, repository).some(
      ({ credential }) => credential.username !== "" || credential.password !== "",
    ),
  );
  answers.set(question, found);
  return found;
}

function indexOf({ secrets }: PullsModel): Index {
  const byHost = new Map<string, KnownSecret[]>();
  const others: KnownSecret[] = [];
  for (const secret of secrets)
    for (const { key } of secret.keyring.entries) {
      const host = key.split("/", 1)[0] ?? "";
      const isPlain = /^[A-Za-z0-9.-]+(:[0-9]+)?$/.test(host) && !host.startsWith("index.");
      if (!isPlain) others.push(secret);
      else if (byHost.has(host)) byHost.get(host)?.push(secret);
      else byHost.set(host, [secret]);
    }
  const isByRegistry = secrets.every(({ keyring }) => keyring.entries.every(({ key }) => !key.includes("/")));
  return { byHost, others, isByRegistry, answers: new Map() };
}
