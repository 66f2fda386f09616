/** What Go's regexp.Compile makes of a pattern. */
export type CompiledPattern =
  | { readonly ok: true; readonly groups: number }
  | { readonly ok: false; readonly message: string };

const MAX_REPEAT = 1000;
const MAX_DEPTH = 1000;
const CLASS_NAMES =
  /^\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/;

/** Thrown and caught in this file. */
class BadPattern extends Error {}

/**
 * Whether a pattern is one of Go's regexp package (RE2 syntax with Perl's classes): no look-around, no back references, repeats of
 * at most 1000, and how many groups it captures.
 *
 * @example compileGoPattern("^a(b)+$") // { ok: true, groups: 1 }
 * @example compileGoPattern("(?=a)")   // { ok: false, message: "Go has no (?=…)" }
 */
export function compileGoPattern(pattern: string): CompiledPattern {
  try {
    return { ok: true, groups: countGroups(pattern) };
  } catch (error) {
    if (error instanceof BadPattern) return { ok: false, message: error.message };
    throw error;
  }
}

interface Atom {
  /** How many copies the repeats inside make of it, at most. */
  readonly repeats: number;
}

function countGroups(pattern: string): number {
  let at = 0;
  let groups = 0;
  let depth = 0;
  const names = new Set<string>();

  readAlternatives();
  if (at < pattern.length) throw new BadPattern("a bracket ) closes nothing");
  return groups;

  function readAlternatives(): Atom {
    let repeats = 1;
    let previous: Atom | undefined;
    let repeated = ""; // the repeat before this place, which may not be repeated again
    const rest = () => pattern.slice(at, at + 80);
    while (at < pattern.length) {
      const letter = pattern[at]!;
      if (letter === ")") break;
      if (letter === "|") {
        at++;
        previous = undefined;
        repeated = "";
        continue;
      }
      const repeat = /^(?:[*+?]|\{([0-9]{1,9})(?:(,)([0-9]{0,9}))?\})\??/.exec(rest());
      if (repeat && (letter !== "{" || isRepeat(repeat))) {
        if (repeated !== "") throw new BadPattern(`two repeats in a row: ${repeated}${repeat[0]}`);
        if (!previous) throw new BadPattern(`nothing to repeat before ${repeat[0]}`);
        at += repeat[0].length;
        repeated = repeat[0];
        const most = repeat[1] === undefined ? 1 : Math.max(Number(repeat[1]), Number(repeat[3] || 0));
        if (most * previous.repeats > MAX_REPEAT) throw new BadPattern(`more than ${MAX_REPEAT} repeats`);
        repeats = Math.max(repeats, Math.max(1, most) * previous.repeats);
        continue;
      }
      repeated = "";
      previous = readAtom(letter);
      repeats = Math.max(repeats, previous?.repeats ?? 1);
    }
    return { repeats };
  }

  /** `{2}`, `{2,}` and `{2,3}` repeat; `{01}` or `{,3}` is text, and a wrong range is a mistake. */
  function isRepeat([, low = "", , high = ""]: RegExpExecArray): boolean {
    if (/^0[0-9]/.test(low) || /^0[0-9]/.test(high)) return false;
    if (Number(low) > MAX_REPEAT || Number(high) > MAX_REPEAT || (high !== "" && Number(low) > Number(high)))
      throw new BadPattern("a wrong number of repeats");
    return true;
  }

  /** `undefined` for flags, which are nothing that can be repeated. */
  function readAtom(letter: string): Atom | undefined {
    if (letter === "(") return readGroup();
    if (letter === "[") {
      readClass();
      return { repeats: 1 };
    }
    if (letter === "\\") {
      readEscape(false);
      return { repeats: 1 };
    }
    at += letter.length;
    return { repeats: 1 };
  }

  function readGroup(): Atom | undefined {
    at++;
    if (++depth > MAX_DEPTH) throw new BadPattern("brackets are nested too deep");
    if (pattern[at] === "?") {
      const name = /^\?P?<([^>]*)>/.exec(pattern.slice(at));
      if (name && !/^\?<[=!]/.test(name[0])) {
        if (!/^\w+$/.test(name[1]!)) throw new BadPattern(`not a name of a group: ${name[1]}`);
        if (names.has(name[1]!)) throw new BadPattern(`two groups have the name ${name[1]}`);
        names.add(name[1]!);
        groups++;
        at += name[0].length;
      } else {
        const flags = /^\?(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)?([:)])/.exec(pattern.slice(at));
        if (!flags) throw new BadPattern(`Go has no (${pattern.slice(at, at + 3)}…)`);
        at += flags[0].length;
        if (flags[1] === ")") {
          if (flags[0] === "?)") throw new BadPattern("Go has no (?)");
          depth--;
          return undefined;
        }
      }
    } else groups++;
    const inside = readAlternatives();
    if (pattern[at] !== ")") throw new BadPattern("a bracket ( is never closed");
    at++;
    depth--;
    return inside;
  }

  /** Reads `\…` and gives the code point that it means, if it means one. */
  function readEscape(inClass: boolean): number | undefined {
    const rest = pattern.slice(at, at + 80);
    if (!inClass && rest.startsWith("\\Q")) {
      const end = pattern.indexOf("\\E", at + 2);
      at = end < 0 ? pattern.length : end + 2;
      return undefined;
    }
    const match =
      /^\\(?:[dDsSwW]|[pP](?:\{\^?(\w+)\}|([A-Z]))|x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{2})|0([0-7]{0,2})|([1-7][0-7]{1,2})|([afnrtv])|([AzbB])|([^\w\s]|_))/u.exec(
        rest,
      );
    if (!match || (inClass && match[8] !== undefined) || (match[9] ?? "").codePointAt(0)! >= 0x80)
      throw new BadPattern(`Go has no ${rest.slice(0, 2)} here`);
    const [whole, property, single, braced, hex, octal, longOctal, control, , punctuation] = match;
    at += whole.length;
    const name = property ?? single;
    if (name !== undefined && !isUnicodeClass(name)) throw new BadPattern(`no class of letters ${whole}`);
    if (braced !== undefined && Number.parseInt(braced, 16) > 0x10ffff)
      throw new BadPattern(`no letter ${whole}`);
    if (braced ?? hex) return Number.parseInt((braced ?? hex)!, 16);
    if (octal !== undefined) return Number.parseInt(octal || "0", 8);
    if (longOctal !== undefined) return Number.parseInt(longOctal, 8);
    if (control !== undefined) return 7 + "abtnvfr".indexOf(control);
    return punctuation?.codePointAt(0);
  }

  function readClass(): void {
    at++;
    if (pattern[at] === "^") at++;
    for (let first = true; first || pattern[at] !== "]"; first = false) {
      if (at >= pattern.length) throw new BadPattern("a bracket [ is never closed");
      const rest = pattern.slice(at, at + 20);
      if (rest.startsWith("[:") && pattern.indexOf(":]", at + 2) >= 0) {
        const name = CLASS_NAMES.exec(rest);
        if (!name) throw new BadPattern(`no class of letters ${rest}`);
        at += name[0].length;
        continue;
      }
      // A minus stands for itself at the ends only (Go differs from Perl here).
      if (rest[0] === "-" && !first && rest[1] !== "]" && rest.length > 1)
        throw new BadPattern("a minus in [ ] that joins nothing");
      const isSet = /^\\[dDsSwWpP]/.test(rest);
      const low = readClassLetter();
      if (isSet || pattern[at] !== "-" || pattern[at + 1] === "]" || pattern[at + 1] === undefined) continue;
      at++;
      if (/^\\[dDsSwWpP]/.test(pattern.slice(at, at + 2))) throw new BadPattern("a range up to a class");
      const high = readClassLetter();
      if (low !== undefined && high !== undefined && high < low)
        throw new BadPattern("a range that goes backwards");
    }
    at++;
  }

  function readClassLetter(): number | undefined {
    if (pattern[at] === "\\") return readEscape(true);
    const code = pattern.codePointAt(at);
    at += code !== undefined && code > 0xffff ? 2 : 1;
    return code;
  }
}

/** Categories and scripts of Unicode by Go's names. */
function isUnicodeClass(name: string): boolean {
  if (name === "Any") return true;
  const source = /^[A-Z][a-z]?$/.test(name) ? `\\p{${name}}` : `\\p{Script=${name}}`;
  try {
    return new RegExp(source, "u").source !== "";
  } catch {
    return false;
  }
}
