/** The value that JSON.stringify would write for this one: what its `toJSON` gives, if it has one. */
export function jsonValue(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value) : value;
}

/** An object whose own fields are all that it has: a literal or an instance of a class, but no Map, Date, RegExp… */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.prototype.toString.call(value) === "[object Object]"
  );
}
