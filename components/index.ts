/**
 * The library: components for another program's stack, and what their arguments and outputs are made of. Everything that
 * is exported here is kept for its users; everything else may change.
 */
export { type Problem, UsageError } from "../contract/errors";
export type { Manifest, RegionManifest } from "../contract/manifest";
export { type Region, regions, supportedRegions } from "../contract/regions";
export { parseSettings, type RegionSettings, type Settings, type SettingsContext } from "../contract/settings";
export { AsyncEndpoint, type AsyncEndpointArgs } from "./async-endpoint";
export { AsyncFleet, type AsyncFleetArgs } from "./async-fleet";
export { AsyncRegion, type AsyncRegionArgs } from "./async-region";
export { BacklogScaling, type BacklogScalingArgs } from "./backlog-scaling";
export type { RegionContext } from "./context";
export { EndpointWatch, type EndpointWatchArgs } from "./endpoint-watch";
export { ImageReplication, type ImageReplicationArgs } from "./image-replication";
export { type Lookups, lookUp } from "./lookups";
export { type LocalModel, readLocalModel } from "./model-data";
export { PayloadStore, type PayloadStoreArgs } from "./payload-store";
export { RegionKey } from "./region-key";
export { ResultNotices, type ResultNoticesArgs } from "./result-notices";
export { type AskServed, NotDeployed, type Served } from "./served-configuration";
export { ServingRole, type ServingRoleArgs } from "./serving-role";
