export { type Raised, type RaiseOptions, raise } from "../versions/raise/raise.ts";
export { applyJsonPatch } from "./apply-json-patch.ts";
export { type EditedYaml, editYaml, type ObjectEdit, type RefusedEdit } from "./edit-yaml.ts";
export { type FixedTexts, fixTexts, type TextFile } from "./fix-texts.ts";
