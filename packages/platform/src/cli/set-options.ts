import { coreDnsRelease } from "@ashlar/dns";
import type { ObjectSet } from "../check.ts";
import { KUBERNETES_VERSION } from "../intent.ts";
import { subjectProblem } from "../report/subject.ts";
import type { Arguments, OptionSpec } from "./arguments.ts";
import { UsageError } from "./io.ts";

/** What a command line tells of a set and its cluster: the same words for every command that holds rules against it. */
export const SET_OPTIONS: readonly OptionSpec[] = [
  { name: "cni", value: "NAME@VERSION", help: "the cluster's network plugin: kube-router@2.5" },
  { name: "kubernetes", value: "VERSION", help: "the Kubernetes that the manifests are for: 1.36" },
  { name: "coredns", value: "VERSION", help: "the CoreDNS that Corefiles are for: 1.15" },
  { name: "whole", help: "the set holds all that it refers to; platform files always do" },
  {
    name: "assume",
    value: "NS/KIND/NAME",
    multiple: true,
    help: "an object that lives elsewhere, KIND/NAME without a namespace; may be repeated",
  },
];

/**
 * A set with what the options say of it.
 *
 * @throws {UsageError} on a version or name that is none
 */
export function withSetOptions(set: ObjectSet, args: Arguments): ObjectSet {
  const cni = args.get("cni");
  const kubernetes = kubernetesVersion(args);
  const coredns = args.get("coredns");
  if (coredns !== undefined && coreDnsRelease(coredns) === undefined)
    throw new UsageError(`--coredns "${coredns}" is no release of CoreDNS`, "write --coredns 1.15");
  return {
    ...set,
    versions: {
      ...set.versions,
      ...(cni !== undefined && { cni }),
      ...(kubernetes !== undefined && { kubernetes }),
      ...(coredns !== undefined && { coredns }),
    },
    ...(args.has("whole") && { whole: true }),
    assume: [...(set.assume ?? []), ...assumed(args)],
  };
}

function kubernetesVersion(args: Arguments): string | undefined {
  const kubernetes = args.get("kubernetes");
  if (kubernetes === undefined || KUBERNETES_VERSION.test(kubernetes)) return kubernetes;
  throw new UsageError(`--kubernetes "${kubernetes}" is no version`, "write --kubernetes 1.36 or 1.36.3");
}

function assumed(args: Arguments): readonly string[] {
  return args.all("assume").map((text) => {
    const problem = subjectProblem(text);
    if (problem) throw new UsageError(`--assume: ${problem.message}`, problem.hint);
    return text;
  });
}
