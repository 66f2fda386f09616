import type { ObjectMeta, Sealed, SecretRef } from "@ashlar/core";
import { toBytes } from "../docker-config/byte-string.ts";
import { goObject, goStruct } from "./go-json.ts";

const KEY = ".dockerconfigjson";

/** A server, who logs in there, and which value is the password. */
export interface Login {
  readonly server: string;
  readonly username: string;
  readonly email: string;
  /** Name of the value in `seal(…, values)`. */
  readonly value: string;
  readonly password: SecretRef;
}

/** The Secret of these logins, without the passwords. Its bytes are those that kubectl writes. */
export function sealedLogins(metadata: ObjectMeta, logins: readonly Login[]): Sealed {
  return {
    metadata,
    type: "kubernetes.io/dockerconfigjson",
    values: Object.fromEntries(logins.map(({ value, password }) => [value, password])),
    keys: [KEY],
    data: (values) => ({
      [KEY]: goObject({
        auths: goObject(
          Object.fromEntries(
            logins.map((login) => [login.server, entryOf(login, checked(login, values[login.value] ?? ""))]),
          ),
        ),
      }),
    }),
  };
}

/** The environment variable of a server's password: `registry.example.com:5000` → `REGISTRY_EXAMPLE_COM_5000_PASSWORD`. */
export function passwordVariable(server: string, last = "PASSWORD"): SecretRef {
  const words = server
    .replace(/^https?:\/\//, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "")
    .toUpperCase();
  return { from: "env", name: `${/^[A-Z]/.test(words) ? "" : "REGISTRY_"}${words}_${last}` };
}

function entryOf({ username, email }: Login, password: string): string {
  return goStruct({ username, password, email, auth: btoa(toBytes(`${username}:${password}`)) });
}

function checked({ server }: Login, password: string): string {
  if (password === "") throw new Error(`the password for ${server} is empty`);
  if (!password.isWellFormed()) throw new Error(`the password for ${server} is no Unicode text`);
  return password;
}
