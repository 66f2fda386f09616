/**
 * What of a wanted object the cluster's one does not say, as paths: fields that the object leaves to the server's defaults are
 * not looked at.
 */
export function unsaid(wanted: unknown, live: unknown, path = ""): string[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return [path];
    return wanted.flatMap((item, i) => unsaid(item, live[i], `${path}[${i}]`));
  }
  if (typeof wanted === "object" && wanted !== null) {
    if (typeof live !== "object" || live === null) return isEmpty(wanted) ? [] : [path];
    return Object.entries(wanted).flatMap(([key, value]) =>
      unsaid(value, (live as Record<string, unknown>)[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return Object.is(wanted, live) ? [] : [path];
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
