import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatPath, type PathSegment, parsePath } from "./field-path.ts";

describe("field paths", () => {
  it.each<[PathSegment[], string]>([
    [[], ""],
    [["spec"], "spec"],
    [["spec", "ingress", 0, "from", 1], "spec.ingress[0].from[1]"],
    [["metadata", "labels", "app.kubernetes.io/name"], "metadata.labels[app.kubernetes.io/name]"],
    [["metadata", "annotations", "a b"], "metadata.annotations[a b]"],
    [["data", "0"], 'data["0"]'],
    [["data", ""], 'data[""]'],
    [["data", "a]b"], 'data["a]b"]'],
    [[0, "kind"], "[0].kind"],
    [["__proto__"], "__proto__"],
  ])("%j is %s", (segments, text) => {
    expect(formatPath(segments)).toBe(text);
    expect(parsePath(text)).toEqual(segments);
  });

  it("comes back from its text, whatever the keys are", () => {
    const segment = fc.oneof(
      fc.nat(),
      fc.string(),
      fc.constantFrom("a.b", "[", "]", '"', "0", "", "a", "\\"),
    );
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        expect(parsePath(formatPath(segments))).toEqual(segments);
      }),
    );
  });

  it("reads any text as some path", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const segment of parsePath(text)) expect(["string", "number"]).toContain(typeof segment);
      }),
    );
    expect(parsePath("a[b")).toEqual(["a", "b"]);
    expect(parsePath('a["b')).toEqual(["a", '"b']);
  });
});
