import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { yaml12Reading } from "./yaml12-reading.ts";

describe("what a YAML 1.2 reader makes of a scalar", () => {
  it.each(
    "y yes Yes on off no NO true True TRUE false null Null ~ 0 07 08 0777 0o17 0o8 0x1F 0xg 0b11 1_000 1.5 1. .5 +.5 1e3 .inf -.inf +.INF .nan 1:30 +12 . abc 12e03".split(
      " ",
    ),
  )("%s: as the yaml package reads it", (text) => {
    expect(yaml12Reading(text)).toEqual(parse(text));
  });
});
