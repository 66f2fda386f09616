/**
 * A value that is made at its first use, and kept: an import should cost nothing.
 *
 * @example export const firewallIntent = once(() => z.strictObject({ … })); // firewallIntent() is the schema
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
