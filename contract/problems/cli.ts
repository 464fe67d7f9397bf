import type { ProblemTable } from "./table";

/** ASY-6nn. */
export const cliProblems = {
  "ASY-601": {
    means: "A command, option or argument is not one this program knows.",
    fix: "Run the command with --help to see what it takes.",
  },
  "ASY-602": {
    means: "There is no such stack.",
    fix: "Name a stack that has a file stacks/Pulumi.<stack>.yaml.",
  },
  "ASY-603": {
    means: "A step of the rehearsal did not hold.",
    fix: "Read the step's line above: it says what was seen and what was expected.",
  },
  "ASY-604": {
    means: "The rehearsal has no example to send to this fleet.",
    fix: "Name a payload with --payload FILE and its media type with --content-type TYPE.",
  },
  "ASY-605": {
    means: "There is no such report format.",
    fix: "Name one of text, json, markdown, sarif and junit, as --format FORMAT or --format FORMAT=FILE.",
  },
  "ASY-606": {
    means: "Several reports would go to one place.",
    fix: "Give all but one a file of its own: --format FORMAT=FILE.",
  },
  "ASY-607": {
    means: "A report cannot be written.",
    fix: "Name a file in a folder that exists and that you may write to.",
  },
  "ASY-608": {
    means: "Two options contradict each other.",
    fix: "Leave one of the two out.",
  },
  "ASY-610": {
    means: "The account has not enabled a region of the stack.",
    fix: "Enable the region in the account (`aws account enable-region --region-name CODE`; it takes a while), or leave it out: async-fleet:regions: { base: supported, optIn: skip } or without: [CODE].",
  },
  "ASY-611": {
    means:
      "The account may not have a single instance of a type in a region: the type is not to be had there, or its quota was never raised.",
    fix: "Ask for a higher quota in Service Quotas, or name another type in async-fleet:endpoint.alternatives and this region in async-fleet:endpoint.unavailable.",
  },
  "ASY-612": {
    means: "The account's quota of an instance type is lower than what a deployment starts with.",
    fix: "Ask for a higher quota in Service Quotas, or lower async-fleet:scaling.min.",
  },
  "ASY-613": {
    means: "The account's quota of an instance type is lower than the most instances the stack may scale to.",
    fix: "Ask for a higher quota in Service Quotas, or lower async-fleet:scaling.max: beyond the quota scaling fails with ResourceLimitExceeded.",
  },
  "ASY-614": {
    means: "The caller may not do something that the deployment needs.",
    fix: "Allow the actions in the caller's policies, permissions boundary or service control policies.",
  },
  "ASY-615": {
    means: "A container image is not there.",
    fix: "Push the image to the region's registry (or replicate the repository there), or correct async-fleet:model.image.",
  },
  "ASY-616": {
    means: "The model's data is not there.",
    fix: "Copy the data to the region's bucket, or correct async-fleet:model.data.",
  },
  "ASY-617": {
    means: "A subnet or security group is not there, or they lie in different VPCs.",
    fix: "Correct async-fleet:network, which is usually set for each region with async-fleet:overrides.",
  },
  "ASY-618": {
    means: "The model's VPC has no endpoint for S3.",
    fix: "Add an S3 gateway endpoint to the VPC, unless its subnets reach S3 through a NAT gateway.",
  },
  "ASY-619": {
    means: "A KMS key is not there or cannot be used.",
    fix: "Enable the key, or correct async-fleet:storage.keyArn.",
  },
  "ASY-620": {
    means: "There are no AWS credentials to ask with.",
    fix: "Sign in (`aws sso login`), set AWS_PROFILE or --profile, or ask a rehearsal with --rehearsal.",
  },
  "ASY-621": {
    means: "AWS refuses the credentials.",
    fix: "Sign in again: they have expired, or belong to nobody any more.",
  },
  "ASY-622": {
    means: "AWS, or the rehearsal, cannot be reached.",
    fix: "Check the network and the proxy; a rehearsal is started with `npx fleet serve`.",
  },
  "ASY-623": {
    means: "A file does not describe the account to rehearse.",
    fix: "Correct the file; its keys are those of AccountConditions in rehearsal/world/account.ts.",
  },
  "ASY-624": {
    means: "The caller may not do this.",
    fix: "Allow the caller what AWS names above: the region's caller policy, which the manifest names, lets its holder send and wait; status, logs and costs need rights to read CloudWatch, SageMaker and logs beside it.",
  },
  "ASY-625": {
    means: "AWS throttles the caller.",
    fix: "Send fewer at once, or later; `fleet batch` finds the pace by itself.",
  },
  "ASY-626": {
    means: "AWS refused a request.",
    fix: "Read AWS's own words above; nothing that was done before is lost.",
  },
  "ASY-627": {
    means: "No region of the fleet answers.",
    fix: "Read each region's reason: the caller may lack the rights to read, or the manifest be of a fleet that is gone.",
  },
} as const satisfies ProblemTable;
