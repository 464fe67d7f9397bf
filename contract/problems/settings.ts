import type { ProblemTable } from "./table";

/** ASY-1nn. */
export const settingsProblems = {
  "ASY-101": {
    means: "A setting is missing.",
    fix: "Add it to the stack's file under config, e.g. stacks/Pulumi.dev.yaml.",
  },
  "ASY-102": {
    means: "A setting has a value that cannot be taken.",
    fix: "Change the value, or delete the line to take the default.",
  },
  "ASY-103": {
    means: "There is no such setting.",
    fix: "Correct the name, or delete the line.",
  },
  "ASY-104": {
    means: "A region is not a commercial region with SageMaker.",
    fix: "Name a region that `npx fleet regions` lists.",
  },
  "ASY-105": {
    means: "A region that is excluded by default is asked for without a reason.",
    fix: "Write it as regions: { base: supported, with: [{ region: CODE, reason: why it works for you }] }.",
  },
  "ASY-106": {
    means: "Two settings contradict each other.",
    fix: "Change one of the two.",
  },
  "ASY-107": {
    means: "The fleet would be in no region at all.",
    fix: "Name at least one region.",
  },
  "ASY-118": {
    means: "An entry of the scaling schedule does not make sense.",
    fix: "Give each entry a name of its own, either cron or at, and min, max or both, with min not above max.",
  },
  "ASY-119": {
    means: "Two subscribers have the same name.",
    fix: "Give each subscriber a name of its own: it is part of what the subscription is called.",
  },
  "ASY-120": {
    means: "A subscriber asks for something that SNS does not do for its kind.",
    fix: "Take the option away from that subscriber, or give the notices to a queue.",
  },
  "ASY-121": {
    means: "Alarms would tell more topics than CloudWatch takes.",
    fix: "Name fewer topics in alarms.notify, or let one topic tell the others.",
  },
  "ASY-122": {
    means: "No instance type is left for a region of the fleet.",
    fix: "Add a type to async-fleet:endpoint.alternatives, give the region its own with async-fleet:overrides, or leave the region out.",
  },
  "ASY-123": {
    means: "A region's override asks for an instance type that is said to be unavailable there.",
    fix: "Override with another type, or take the region out of async-fleet:endpoint.unavailable.",
  },
  "ASY-114": {
    means: "An endpoint's updates cannot go as their settings say.",
    fix: "Change one of the two settings that the message names.",
  },
  "ASY-115": {
    means: "Two regions are given the same subnet or security group, which lies in one of them only.",
    fix: "Set network for each region under async-fleet:overrides.",
  },
  "ASY-116": {
    means: "An image would have to be copied to more regions than ECR copies to.",
    fix: "Name the image of the remaining regions by its URI, under async-fleet:overrides, and push it there yourself.",
  },
  "ASY-117": {
    means: "A setting that lists its values by region leaves a region of the fleet out.",
    fix: "Add the region to the list, or use one value with {region} in it.",
  },
} as const satisfies ProblemTable;
