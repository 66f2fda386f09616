/** A name in lower case with the dot at the end. */
export function fqdn(name: string): string {
  const lower = name.toLowerCase();
  return lower.endsWith(".") ? lower : `${lower}.`;
}

/** Whether `name` is `parent` or below it; both fully qualified, lower case. */
export function isBelow(parent: string, name: string): boolean {
  if (parent === ".") return true;
  if (!name.endsWith(parent)) return false;
  return name.length === parent.length || name.charCodeAt(name.length - parent.length - 1) === 46;
}

/** The longest of the zones that a name is in. */
export function longestZone(zones: readonly string[], name: string): string | undefined {
  let longest: string | undefined;
  for (const zone of zones)
    if ((longest === undefined || zone.length > longest.length) && isBelow(zone, name)) longest = zone;
  return longest;
}

/** What stands before the zone, without the dot between them; "" for the zone itself. */
export function withoutZone(name: string, zone: string): string {
  if (name === zone) return "";
  return zone === "." ? name.slice(0, -1) : name.slice(0, -zone.length - 1);
}

/** The labels of a fully qualified name; none for the root. */
export function labelsOf(name: string): string[] {
  if (name === ".") return [];
  return (name.endsWith(".") ? name.slice(0, -1) : name).split(".");
}

/** Labels and a zone as one name. */
export function joinNames(...parts: readonly string[]): string {
  const name = parts.join(".");
  return name.endsWith("..") ? name.slice(0, -1) : fqdn(name);
}

/**
 * Why a name cannot be sent in a question, or `undefined`: a label of 64 or more characters or none, more than 255 in all, or
 * letters outside of ASCII.
 */
export function nameProblem(name: string): string | undefined {
  if (name === ".") return undefined;
  if (name === "") return "the name is empty";
  if (name.length > 254) return "the name is longer than 255 octets";
  let start = 0;
  for (let i = 0; i <= name.length; i++) {
    const code = i < name.length ? name.charCodeAt(i) : DOT;
    if (code === DOT) {
      if (i - start > 63) return `the label "${name.slice(start, i)}" is longer than 63 octets`;
      if (i === start && (i < name.length || start === 0)) return "the name has an empty label";
      start = i + 1;
    } else if (code === BACKSLASH) return "escapes in names are not modelled";
    else if (code <= SPACE || code >= DELETE)
      return 'the name has blanks or letters outside of ASCII: write it as it is asked for ("xn--…")';
  }
  return undefined;
}

const [SPACE, DOT, BACKSLASH, DELETE] = [32, 46, 92, 127] as const;

/** Whether any label is too long for a message: CoreDNS then sends no reply at all. */
export function isTooLong(name: string): boolean {
  return name.length > 63 && (name.length > 254 || labelsOf(name).some((label) => label.length > 63));
}
