import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { childOf } from "./context";

export interface ImageReplicationArgs {
  /** Where images are pushed. */
  readonly from: string;
  readonly accountId: string;
  /** Repositories made there, e.g. `team/model`. */
  readonly repositories: readonly string[];
  /** Regions the images are copied to. */
  readonly destinations: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * ECR repositories in one region, whose images ECR copies to the same names in other regions of the account.
 *
 * ECR copies only what is pushed after this exists, and takes minutes. The first `up` makes the repository and the
 * replication and stops where SageMaker finds no image; push, wait for the copies, and run it again. An endpoint that
 * serves already goes on serving meanwhile. A registry has one replication configuration: this one replaces what stood
 * there. The copies belong to no stack; they and the repository survive `destroy`.
 * Cost: storage in each region, and the transfer of each image to each region once.
 */
export class ImageReplication extends pulumi.ComponentResource {
  constructor(name: string, args: ImageReplicationArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("asyncinference:components:ImageReplication", name, {}, opts);
    const repositories = args.repositories.map((repository) => this.createRepository(name, args, repository));
    if (args.destinations.length > 0) {
      new aws.ecr.ReplicationConfiguration(
        name,
        {
          region: args.from,
          replicationConfiguration: {
            rules: [
              {
                destinations: args.destinations.map((region) => ({ region, registryId: args.accountId })),
                repositoryFilters: args.repositories.map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
              },
            ],
          },
        },
        childOf(this, { dependsOn: repositories }),
      );
    }
    this.registerOutputs({});
  }

  private createRepository(name: string, { from, tags }: ImageReplicationArgs, repository: string): pulumi.Resource {
    return new aws.ecr.Repository(
      `${name}-${repository.replaceAll("/", "-")}`,
      {
        region: from,
        name: repository,
        // A tag that moves would leave regions with different models under one name.
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        tags,
      },
      // The copies in other regions outlive the stack in any case; so does what they were copied from.
      childOf(this, { retainOnDelete: true }),
    );
  }
}
