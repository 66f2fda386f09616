export { type Raised, type RaiseOptions, raise } from "../versions/raise/raise.ts";
export { applyJsonPatch } from "./apply-json-patch.ts";
export { type EditedYaml, editYaml, type ObjectEdit, type RefusedEdit } from "./edit-yaml.ts";
export { type FixedTexts, fixTexts } from "./fix-texts.ts";
export type { TextFile } from "./remedies.ts";
export { type Position, type TextEdit, textEdits } from "./text-edits.ts";
