import { getPolicyDocument } from "./functions/get-policy-document";
import { getPrebuiltEcrImage } from "./functions/get-prebuilt-ecr-image";
import { getSubnet, getVpcEndpoint } from "./functions/network";
import type { ProviderFunction } from "./functions/provider-function";
import { getCallerIdentity, getPartition, getRegion } from "./functions/where-and-who";

/** Every function of the provider that the rehearsal plays, by Pulumi's token. */
export const providerFunctions: ReadonlyMap<string, ProviderFunction> = new Map(
  [getCallerIdentity, getPartition, getPolicyDocument, getPrebuiltEcrImage, getRegion, getSubnet, getVpcEndpoint].map(
    (each) => [each.token, each],
  ),
);
