import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/m:1";

judges("images-come-from-the-regions-registry", [
  ["an image of the region", modelWithEnvironment({}, ecr), "complies"],
  [
    "an image of another region",
    modelWithEnvironment({}, ecr.replace("eu-west-1", "us-east-1")),
    /^primaryContainer\.image lies in us-east-1, the model in eu-west-1\.$/,
  ],
  ["a public image", modelWithEnvironment({}, "public.ecr.aws/x/y:1"), /public\.ecr\.aws\/x\/y:1 is not in Amazon ECR/],
  ["a name only", modelWithEnvironment({}, "pytorch/torchserve"), /is not in Amazon ECR/],
  [
    "a private registry through the VPC",
    model({ primaryContainer: { image: "registry.corp:5000/m:1", imageConfig: { repositoryAccessMode: "Vpc" } } }),
    "complies",
  ],
  [
    "one of several containers",
    model({ primaryContainer: undefined, containers: [{ image: ecr }, { image: "docker.io/m" }] }),
    /^containers\[1\]\.image docker\.io\/m/,
  ],
  [
    "a public image beside an unknown one",
    model({ primaryContainer: undefined, containers: [{ image: unknown }, { image: "docker.io/m" }] }),
    /^containers\[1\]/,
  ],
  ["a model package", model({ primaryContainer: { modelPackageName: "p" } }), "not applicable"],
  ["an unknown image", modelWithEnvironment({}, unknown), "unknown"],
]);
