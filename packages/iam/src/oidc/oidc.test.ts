import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import { test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import type { OidcInput } from "./intent.ts";
import { oidc } from "./oidc.ts";

const CASES = join(import.meta.dirname, "document-cases");

blockContract({ test }, { builder: oidc, cases: readCases<OidcInput>(CASES), rules: [] });
goldenTests<OidcInput>(CASES, oidc);
