import type { Resource } from "@ashlar/core";

/** A policy and what is tried with it. */
export interface Case {
  readonly name: string;
  readonly policy: Resource;
}

/** A text of so many characters. */
export const long = (length: number, character = "a") => character.repeat(length);

/** A policy with this spec, which may be anything. */
export function policy(spec: unknown, metadata: unknown = { name: "tried" }, rest: object = {}): Resource {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec, ...rest } as Resource;
}

/** One case for each value, named by the group and the value. */
export function cases(
  group: string,
  make: (value: unknown) => Resource,
  values: readonly unknown[],
): readonly Case[] {
  return values.map((value) => ({ name: `${group} ${label(value)}`, policy: make(value) }));
}

function label(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 70 ? `${text.slice(0, 60)}… (${text.length})` : text;
}
