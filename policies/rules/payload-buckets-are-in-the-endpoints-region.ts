import { textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, type StackRule } from "../rule";
import { asyncConfigsOf, bucketsOf, writesTo } from "../storage-resources";

export const payloadBucketsAreInTheEndpointsRegion: StackRule = {
  name: "payload-buckets-are-in-the-endpoints-region",
  group: "storage",
  displayName: "Endpoints write within their region",
  description: "A bucket of the stack that an asynchronous endpoint writes to is in the endpoint's region.",
  why: "SageMaker wants payloads in the endpoint's region, and results elsewhere would leave the region the customer chose for them.",
  notJudged: "Buckets that are not in the stack.",
  severity: "high",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Write to a bucket of the endpoint's own region.",
  validateStack: looksAtStacksWith([types.endpointConfiguration], (resources, report, args) => {
    const buckets = bucketsOf(resources);
    const pairs = asyncConfigsOf(resources).flatMap((config) =>
      buckets.filter((bucket) => writesTo(config, bucket)).map((bucket) => ({ config, bucket })),
    );
    if (pairs.length === 0) return args.notApplicable("no bucket of the stack that an asynchronous endpoint writes to");
    inTurn(
      pairs.map(({ config, bucket }) => () => {
        const [here, there] = [textAt(config.props, "region"), textAt(bucket.props, "region")];
        if (here !== undefined && there !== undefined && here !== there)
          report(`writes to the bucket ${bucket.name} in ${there}, the endpoint is in ${here}.`, config.urn);
      }),
    );
  }),
};
