import type * as sdk from "@aws-sdk/client-sagemaker";

export interface ModelState {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly input: sdk.CreateModelCommandInput;
}

export interface ConfigState {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly input: sdk.CreateEndpointConfigCommandInput;
}

/** A model's containers: the primary one, or those of a list. */
export function containersOf({ input }: ModelState): readonly sdk.ContainerDefinition[] {
  return input.PrimaryContainer === undefined ? (input.Containers ?? []) : [input.PrimaryContainer];
}

/** A configuration with its one variant and that variant's model: all an endpoint needs to know to run. */
export interface Blueprint {
  readonly config: ConfigState;
  readonly variant: sdk.ProductionVariant;
  readonly model: ModelState;
}
