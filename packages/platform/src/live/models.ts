export { prove } from "../check.ts";
export { changeOfMeaning, NO_CHANGE } from "../meaning.ts";
export { liveSet } from "./live-set.ts";
