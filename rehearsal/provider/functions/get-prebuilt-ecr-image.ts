import { required, text } from "../property";
import { defineFunction } from "./provider-function";

/**
 * AWS's provider holds a table of the registries in which AWS keeps its own images, by repository and region. It is not
 * repeated here: one registry stands for all of them.
 */
const registryId = "763104351884";

/** Where AWS keeps one of its own images in a region. Whether it is there is not looked for, as AWS's provider does not. */
export const getPrebuiltEcrImage = defineFunction({
  token: "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage",
  args: { repositoryName: required(text()), imageTag: text(), dnsSuffix: text(), region: text() },
  async answer({ region }, { repositoryName, imageTag = "1", dnsSuffix = "amazonaws.com" }) {
    const registryPath = `${registryId}.dkr.ecr.${region}.${dnsSuffix}/${repositoryName}:${imageTag}`;
    return { id: registryId, region, registryId, registryPath, repositoryName, imageTag, dnsSuffix };
  },
});
