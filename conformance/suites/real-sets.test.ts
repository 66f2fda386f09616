import { readYaml } from "@ashlar/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { corednsCheck } from "../components/coredns.ts";
import { verdictOn } from "../real-sets/errors.ts";
import { certManagerSets, gatewayApiSets, kubernetesSets, type RealSet } from "../real-sets/sets.ts";
import { TRUE_ERRORS } from "../real-sets/true-errors.ts";

let sets: readonly RealSet[];
let server: ControlPlane;

beforeAll(async () => {
  sets = (await Promise.all([certManagerSets(), gatewayApiSets(), kubernetesSets()])).flat();
  server = await startControlPlane({ disableAdmission: ["NamespaceLifecycle", "ServiceAccount"] });
});
afterAll(() => server?.stop());

describe("no false alarm", () => {
  test("every error on real sets is in the list of those that are true, and every listed one shows", () => {
    const verdicts = sets.map(verdictOn);
    const objects = verdicts.reduce((sum, verdict) => sum + verdict.objects, 0);
    expect(objects).toBeGreaterThanOrEqual(600);
    const expected = TRUE_ERRORS.map(
      ({ file, code, object }) => `${file}: ${code}${object ? ` ${object}` : ""}`,
    );
    expect(verdicts.flatMap(({ errors }) => errors).sort()).toEqual(expected.sort());
  });

  test("the API server refuses every object of the list", async () => {
    const texts = new Map(sets.flatMap(({ files }) => files).map(({ name, text }) => [name, text]));
    // Of an object with a key that stands twice, our reader gives nothing that could be sent.
    const listed = TRUE_ERRORS.filter(
      ({ object, code }) => object && code !== "core/unique-key" && !code.startsWith("dns/"),
    );
    for (const { file, code, object } of listed) {
      const { resources } = readYaml(texts.get(file)!, { file });
      const resource = resources.find(({ kind, metadata }) => `${kind} ${metadata.name}` === object)!;
      if (code === "core/no-removed-api")
        await expect(server.dryRun(resource), file).rejects.toThrow("the API server serves no");
      else expect((await server.dryRun(resource)).accepted, `${file}: ${object}`).toBe(false);
    }
    expect(listed.length).toBeGreaterThan(15);
  });

  test("CoreDNS does not start with any Corefile of the list", async () => {
    const texts = new Map(sets.flatMap(({ files }) => files).map(({ name, text }) => [name, text]));
    const listed = TRUE_ERRORS.filter(({ code }) => code.startsWith("dns/"));
    const corefiles = listed.map(({ file, object }) => {
      const { resources } = readYaml(texts.get(file)!, { file });
      const resource = resources.find(({ kind, metadata }) => `${kind} ${metadata.name}` === object)!;
      return { text: (resource as { readonly data?: { readonly Corefile?: string } }).data?.Corefile ?? "" };
    });
    const verdicts = await corednsCheck(corefiles);
    expect(verdicts.map(({ ok }) => ok)).toEqual(listed.map(() => false));
    expect(listed.length).toBeGreaterThan(0);
  });
});
