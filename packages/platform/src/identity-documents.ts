import type { Place } from "@ashlar/core";
import type { RealmSource } from "@ashlar/iam";

export type LocateField = (path: string) => Place | undefined;

/** A document beside the objects, and where it came from. */
export interface Placed {
  readonly value: unknown;
  readonly file: string;
  readonly locate?: LocateField;
}

/** What a set says of logins beside its objects. */
export interface IdentityDocuments {
  /** Realms of Keycloak: imports, exports, bodies of partial imports. */
  readonly realms: RealmSource[];
  /** What API servers read by `--authentication-config`. */
  readonly configurations: Placed[];
  readonly kubeconfigs: Placed[];
}

/** Whether a document is one of those: a realm, an AuthenticationConfiguration, a kubeconfig. */
export function isIdentityDocument(value: unknown): boolean {
  return kindOf(value) !== undefined;
}

/** Puts a document where it belongs. */
export function addIdentityDocument(
  documents: IdentityDocuments,
  value: unknown,
  file: string,
  locate?: LocateField,
): void {
  const placed = { file, ...(locate && { locate }) };
  const kind = kindOf(value);
  if (kind === "realm") documents.realms.push({ realm: value, ...placed });
  if (kind === "configuration") documents.configurations.push({ value, ...placed });
  if (kind === "kubeconfig") documents.kubeconfigs.push({ value, ...placed });
}

/** `settings`: what is set of a realm that is there already; it is known, and tells nothing of logins. */
function kindOf(value: unknown): "realm" | "configuration" | "kubeconfig" | "settings" | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { apiVersion, kind, realm, ifResourceExists, sslRequired } = value as Record<string, unknown>;
  if (typeof apiVersion === "string" && apiVersion.startsWith("apiserver.config.k8s.io/"))
    return kind === "AuthenticationConfiguration" ? "configuration" : undefined;
  if (apiVersion === "v1" && kind === "Config") return "kubeconfig";
  if (apiVersion !== undefined || kind !== undefined) return undefined;
  if (typeof realm === "string" || typeof ifResourceExists === "string") return "realm";
  return typeof sslRequired === "string" ? "settings" : undefined;
}

/** Whether a document is a realm. */
export function isRealm(value: unknown): boolean {
  return kindOf(value) === "realm";
}
