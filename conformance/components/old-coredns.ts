import { askProgram, type CorednsVerdict, type CorefileCase } from "./coredns.ts";

/** Earlier releases of CoreDNS that are built when somebody asks for them: each takes minutes the first time. */
export const OLD_COREDNS = ["1.7.0", "1.8.7", "1.11.3"] as const;

export type OldCoredns = (typeof OLD_COREDNS)[number];

/** 1.8.7 has a dependency that reaches into Go's own runtime, which today's linker refuses unless told otherwise. */
const LINK_FLAGS: Readonly<Partial<Record<OldCoredns, string>>> = { "1.8.7": "-checklinkname=0" };

/** What an earlier CoreDNS says of Corefiles; as `corednsCheck` for 1.15.0. The first call on a machine builds it. */
export async function oldCorednsCheck(
  release: OldCoredns,
  cases: readonly CorefileCase[],
): Promise<CorednsVerdict[]> {
  const modules = new URL("../go-old/", import.meta.url);
  const linkFlags = LINK_FLAGS[release] ?? "";
  return (await askProgram(`coredns-${release}`, ["check"], cases, {
    modules,
    linkFlags,
  })) as CorednsVerdict[];
}
