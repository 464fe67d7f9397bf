import type { PolicyResource } from "@pulumi/policy";
import { type Say, sameRegion } from "../async-endpoints";
import { inner, isSet, known, listAt, type Props, textAt, types } from "../async-resources";
import { comesFrom } from "../links";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";
import { bucketsOf } from "../storage-resources";

export const endpointAndItsPartsShareARegion: StackRule = {
  name: "endpoint-and-its-parts-share-a-region",
  group: "regions",
  displayName: "Configuration, model and its data are where the endpoint is",
  description:
    "Endpoint, configuration and model of an asynchronous endpoint, and the stack's bucket its model is loaded from, are in one region.",
  why: "SageMaker finds configurations and models in its own region only, and takes a model's files only from a bucket of it: AWS refuses the endpoint after everything else was made.",
  notJudged:
    "Buckets, models and configurations that are not in the stack, and buckets of payloads, which payload-buckets-are-in-the-endpoints-region judges.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Give all of them the endpoint's region.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const endpoints = ofType(resources, types.endpoint);
    const models = ofType(resources, types.model);
    const buckets = bucketsOf(resources);
    const configurations = ofType(resources, types.endpointConfiguration).filter(({ props }) =>
      isSet(props, "asyncInferenceConfig"),
    );
    if (configurations.length === 0) return args.notApplicable("no asynchronous endpoint");
    inTurn(
      configurations.map((configuration) => () => {
        const say: Say = (problem, at = configuration) => report(problem, at.urn);
        const elsewhere = (what: string, part: PolicyResource, whole: PolicyResource): void => {
          if (!sameRegion(part, whole))
            say(`${what} ${part.name} is in ${regionOf(part)}, ${whole.name} in ${regionOf(whole)}.`, whole);
        };
        const own = models.filter((model) => isModelOf(configuration, model, models));
        inTurn([
          ...endpoints
            .filter((endpoint) => isConfigurationOf(endpoint, configuration, configurations))
            .map((endpoint) => () => elsewhere("its configuration", configuration, endpoint)),
          ...own.map((model) => () => elsewhere("its model", model, configuration)),
          ...own.flatMap((model) =>
            dataOf(model).map((read) => () => {
              for (const bucket of bucketOf(read(), buckets)) elsewhere("its data's bucket", bucket, model);
            }),
          ),
        ]);
      }),
    );
  }),
};

function regionOf({ props }: PolicyResource): unknown {
  return known(props, "region") ?? "the provider's region";
}

/** By dependency; by name where no configuration of the endpoint's own region has that name. */
function isConfigurationOf(
  endpoint: PolicyResource,
  configuration: PolicyResource,
  all: readonly PolicyResource[],
): boolean {
  if (comesFrom(endpoint, "endpointConfigName", configuration)) return true;
  const name = known(endpoint.props, "endpointConfigName");
  const same = (each: PolicyResource): boolean => name !== undefined && known(each.props, "name") === name;
  return same(configuration) && !all.some((each) => same(each) && sameRegion(each, endpoint));
}

function isModelOf(configuration: PolicyResource, model: PolicyResource, all: readonly PolicyResource[]): boolean {
  if (comesFrom(configuration, "productionVariants", model)) return true;
  const variants = listAt(configuration.props, "productionVariants");
  const named = ({ props }: PolicyResource): boolean => {
    const name = known(props, "name");
    return name !== undefined && variants.some((variant) => known(variant, "modelName") === name);
  };
  const there = all.some((each) => named(each) && sameRegion(each, configuration));
  return named(model) && (sameRegion(model, configuration) || !there);
}

/** The places a model's files come from. */
function dataOf({ props }: PolicyResource): Array<() => string | undefined> {
  const container = inner(props, "primaryContainer");
  const sources = listAt(inner(container, "modelDataSource"), "s3DataSources");
  return [() => textAt(container, "modelDataUrl"), ...sources.map((source: Props) => () => textAt(source, "s3Uri"))];
}

function bucketOf(path: string | undefined, buckets: readonly PolicyResource[]): PolicyResource[] {
  const name = /^s3:\/\/([^/]+)/.exec(path ?? "")?.[1];
  return name === undefined ? [] : buckets.filter(({ props }) => known(props, "bucket") === name);
}
