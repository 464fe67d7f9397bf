export { AsyncEndpoint, type AsyncEndpointArgs } from "./async-endpoint";
export { AsyncFleet, type AsyncFleetArgs } from "./async-fleet";
export { AsyncRegion, type AsyncRegionArgs } from "./async-region";
export { BacklogScaling, type BacklogScalingArgs } from "./backlog-scaling";
export { EndpointWatch, type EndpointWatchArgs } from "./endpoint-watch";
export { PayloadStore, type PayloadStoreArgs } from "./payload-store";
export { RegionKey } from "./region-key";
export { ResultNotices, type ResultNoticesArgs } from "./result-notices";
export { ServingRole, type ServingRoleArgs } from "./serving-role";
