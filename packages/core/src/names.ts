/** RFC 1123 label: namespaces, Services and most names inside objects. At most 63 of `a-z`, `0-9`, `-`; no `-` at an end. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** RFC 1123 subdomain: names of most objects. Labels of any length joined by dots, at most 253 characters in all. */
export function isDnsSubdomain(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

/** IANA_SVC_NAME as the API checks port names: at most 15 of `a-z`, `0-9`, `-`, with a letter, no `--`, no `-` at an end. */
export function isPortName(name: string): boolean {
  return (
    name.length <= 15 &&
    /^[a-z0-9-]+$/.test(name) &&
    /[a-z]/.test(name) &&
    !name.includes("--") &&
    !name.startsWith("-") &&
    !name.endsWith("-")
  );
}

/** One segment of a URL path: names of roles and bindings. Not empty, neither `.` nor `..`, without `/` and `%`. */
export function isPathSegment(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/%]/.test(name);
}
