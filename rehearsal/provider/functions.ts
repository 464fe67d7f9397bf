import { getPolicyDocument } from "./functions/get-policy-document";
import type { ProviderFunction } from "./functions/provider-function";
import { getCallerIdentity, getPartition, getRegion } from "./functions/where-and-who";

/** Every function of the provider that the rehearsal plays, by Pulumi's token. */
export const providerFunctions: ReadonlyMap<string, ProviderFunction> = new Map(
  [getCallerIdentity, getPartition, getPolicyDocument, getRegion].map((each) => [each.token, each]),
);
