/** Mistakes that no rule finds yet, by id, and what it would take. Whoever writes the rule removes the entry. */
export const NOT_YET: ReadonlyMap<string, string> = new Map();
