/**
 * The library for callers of a fleet: what another program sends requests with. Everything that is exported here is kept
 * for its users; everything else may change.
 */
export { type Problem, UsageError } from "../contract/errors";
export type { Manifest, RegionManifest } from "../contract/manifest";
export type { AwsAccess, RoleAccess } from "./aws-access";
export { type InstanceUse, instanceUse } from "./batch/instance-minutes";
export { type BatchItem, type ItemOptions, itemsOf } from "./batch/items";
export type { ItemEnd, ItemState } from "./batch/journal";
export { type BatchOptions, type BatchProgress, type BatchResult, runBatch } from "./batch/run-batch";
export { type BatchSummary, summarize, writeIndex } from "./batch/summary";
export { type Collected, collect, collectText, collectToFile } from "./collect";
export { type Connection, connect } from "./connection";
export type { Ending, Outcome } from "./ending";
export { FleetClient, type FleetClientOptions, type RegionHealth } from "./fleet-client";
export { type Notice, parseNotice } from "./notice";
export type { Payload } from "./payload";
export type { Choice } from "./regions/choose";
export { type RegionStatus, statusOf } from "./status";
export { type Submission, type SubmitOptions, submit } from "./submit";
