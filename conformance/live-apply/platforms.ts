import type { Claim, Patch, Resource, Sealed } from "@ashlar/core";
import { definePlatform, existing, type Platform } from "ashlar";

interface Parts {
  readonly resources?: readonly Resource[];
  readonly patches?: readonly Patch[];
  readonly sealed?: readonly Sealed[];
  readonly given?: readonly Resource[];
  readonly claims?: readonly Claim[];
}

/** A platform of these objects, whichever they are: what its blocks would have made. */
export function platformOf(
  name: string,
  { resources = [], patches = [], sealed = [], given = [], claims = [] }: Parts,
): Platform {
  const bare = definePlatform({ name, environments: { common: existing("default") } });
  return { ...bare, given, block: { ...bare.block, resources, patches, sealed, claims } };
}
