import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fillTemplate } from "../contract/requests";
import { childOf, endpointName, keptOptions, type RegionContext, regionalName } from "./context";
import { keyPolicy } from "./key-policy";

/**
 * The key everything of one region is encrypted with: payloads, results, notices, volumes and logs. Revoking it stops
 * all reading at once.
 *
 * One key and its alias are made for the region, with yearly rotation, unless `storage.keyArn` names one. Cost: one KMS
 * key a month for each region, and a fraction of a cent for each thousand requests (a bucket key keeps those few).
 *
 * A given key keeps its own policy, which must allow what `keyPolicy` allows (docs/OPERATIONS.md lists it).
 */
export class RegionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, context: RegionContext, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:RegionKey", name, {}, opts);
    const given = context.settings.storage.keyArn;
    this.arn = given === undefined ? this.create(name, context) : pulumi.output(fillTemplate(given, context));
    this.registerOutputs({ arn: this.arn });
  }

  private create(name: string, context: RegionContext): pulumi.Output<string> {
    const key = new aws.kms.Key(
      name,
      {
        region: context.region,
        description: `Payloads, results, notices and logs of ${endpointName(context)} in ${context.region}`,
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: keyPolicy(context),
        tags: context.tags,
      },
      childOf(this, keptOptions(context)),
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { region: context.region, name: `alias/${regionalName(context, "kmsAlias")}`, targetKeyId: key.keyId },
      childOf(this, keptOptions(context)),
    );
    return key.arn;
  }
}
