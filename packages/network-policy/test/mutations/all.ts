import { endpointMutations } from "./endpoints.ts";
import type { Mutation } from "./mutation.ts";
import { peerMutations } from "./peers-and-ports.ts";
import { policyMutations } from "./policy.ts";

export const mutations: readonly Mutation[] = [...policyMutations, ...peerMutations, ...endpointMutations];
