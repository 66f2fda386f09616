import type { ObjectMeta, Resource } from "./resource.ts";

/** Where a secret value comes from: by reference only, and resolved at the live edge alone. */
export type SecretRef =
  | { readonly from: "env"; readonly name: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "command"; readonly argv: readonly [string, ...string[]] }
  /** Made once, and kept: a value that the cluster has wins. */
  | { readonly from: "generated"; readonly bytes: number };

/**
 * A Secret without its data, as builders of credentials return it: what it is called, which values it needs, and how its keys
 * are made of them. `render` writes no value; `seal(sealed, values)` makes the real Secret.
 */
export interface Sealed {
  readonly metadata: ObjectMeta;
  /** `Opaque`, `kubernetes.io/dockerconfigjson`, … */
  readonly type: string;
  /** Value that it needs → where the value comes from. */
  readonly values: Readonly<Record<string, SecretRef>>;
  /** The Secret's keys: made of the values by name. Pure; its errors never hold a value. */
  readonly data: (values: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** The keys that `data` gives, for references. */
  readonly keys: readonly string[];
}

/**
 * The real Secret, its data in base64.
 *
 * @throws Error when a value is missing; the message names it, and holds no value
 * @example seal(pullSecret({ server, username }), { password })
 */
export function seal(sealed: Sealed, values: Readonly<Record<string, string>>): Resource {
  const missing = Object.keys(sealed.values).filter((name) => typeof values[name] !== "string");
  if (missing.length > 0)
    throw new Error(`no value for ${missing.join(", ")} of Secret ${sealed.metadata.name}`);
  const data = sealed.data(values);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: sealed.metadata,
    type: sealed.type,
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)])),
  };
}

/** UTF-8, then base64 (RFC 4648, section 4). */
function base64(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}
