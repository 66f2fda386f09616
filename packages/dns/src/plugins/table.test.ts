import { expect, it } from "vitest";
import {
  compareReleases,
  coreDnsRelease,
  coreDnsReleases,
  DEFAULT_COREDNS,
  livesIn,
  pluginEntries,
  pluginEntry,
  pluginOrder,
} from "./table.ts";

it.each([
  ["1.15", "1.15.0"],
  ["1.15.0", "1.15.0"],
  ["v1.11.4-eksbuild.2", "1.11.4"],
  ["1.8", "1.8.7"],
  ["1.11.2", "1.11.1"],
  ["2.0", "1.15.0"],
  ["0.9", undefined],
  ["latest", undefined],
])("%s is the release %s", (text, release) => expect(coreDnsRelease(text)).toBe(release));

it("has the order of each release", () => {
  expect(pluginOrder()).toHaveLength(62);
  expect(pluginOrder("1.1.3")).toContain("proxy");
  expect(pluginOrder("1.5.0")).not.toContain("proxy");
  expect(pluginOrder().indexOf("hosts")).toBeLessThan(pluginOrder().indexOf("kubernetes"));
});

it("agrees with itself: a plugin lives in the releases whose order has it", () => {
  // The release notes say that these two left with 1.1.0; plugin.cfg of that tag still has them.
  const late = new Set(["startup", "shutdown"]);
  let compared = 0;
  for (const release of coreDnsReleases())
    for (const entry of pluginEntries()) {
      if (late.has(entry.name)) continue;
      compared++;
      expect([release, entry.name, pluginOrder(release).includes(entry.name)]).toEqual([
        release,
        entry.name,
        livesIn(entry, release),
      ]);
    }
  expect(compared).toBe(73 * 65);
});

it("knows options and what became of them", () => {
  expect(pluginEntry("kubernetes")?.options.find(({ name }) => name === "upstream")).toMatchObject({
    ignored: "1.4.0",
    removed: "1.7.0",
  });
  expect(pluginEntry("toString")).toBeUndefined();
  expect(compareReleases("1.9.0", "1.10.0")).toBeLessThan(0);
  expect(DEFAULT_COREDNS).toBe(coreDnsReleases().at(-1));
});
