export { printable } from "../report/characters.ts";
export { formatFinding, formatPlace, paint, plural } from "../report/text.ts";
