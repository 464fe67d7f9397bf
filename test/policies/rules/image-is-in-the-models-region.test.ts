import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const inRegion = (region: string) => `123456789012.dkr.ecr.${region}.amazonaws.com/team/model:1`;

judges("image-is-in-the-models-region", [
  ["the model's region", modelWithEnvironment({}, inRegion("eu-west-1")), "complies"],
  [
    "another region",
    modelWithEnvironment({}, inRegion("us-east-1")),
    /^its image is in us-east-1, the model in eu-west-1/,
  ],
  [
    "another region in China",
    modelWithEnvironment({}, `${inRegion("cn-north-1")}`.replace(".com/", ".com.cn/")),
    /is in cn-north-1/,
  ],
  [
    "a second container in another region",
    model({ containers: [{ image: unknown }, { image: inRegion("us-east-1") }] }),
    /is in us-east-1/,
  ],
  ["an unknown image", modelWithEnvironment({}, unknown), "unknown"],
  ["another registry", model(), "not applicable"],
]);
