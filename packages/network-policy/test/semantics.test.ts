import { describe, it } from "vitest";
import { areas } from "./semantics/all.ts";
import { loadApi } from "./semantics/api.ts";

const api = await loadApi((module) => import(/* @vite-ignore */ `../src/${module}`));

for (const [area, checks] of Object.entries(areas))
  describe(area, () => {
    for (const [rule, check] of Object.entries(checks)) it(rule, () => check(api));
  });
