import { UsageError } from "../contract/errors";
import { fillTemplate } from "../contract/requests";
import type { RegionContext } from "./context";

/**
 * The container image of a region, in plain text.
 *
 * @param prebuilt where AWS keeps its own image in this region, from `lookUp`
 * @throws UsageError ASY-202 when no image is named for the region, ASY-212 when a prebuilt one was not looked up
 */
export function imageOf(context: RegionContext, prebuilt: string | undefined): string {
  const { image } = context.settings.model;
  const { accountId, region, stack } = context;
  if (typeof image === "string") return fillTemplate(image, context);
  if ("replicate" in image && typeof image.replicate === "object") {
    const { repository, tag } = image.replicate;
    return `${accountId}.dkr.ecr.${region}.amazonaws.com/${repository}:${tag}`;
  }
  if ("prebuilt" in image && typeof image.prebuilt === "object") {
    if (prebuilt !== undefined) return prebuilt;
    throw new UsageError({
      code: "ASY-212",
      at: `async-fleet:model.image in stack ${stack}`,
      got: `${image.prebuilt.repository} for ${region}, not looked up`,
      expected: "lookups: await lookUp(settings), given to the component",
    });
  }
  const own = (image as Readonly<Record<string, string>>)[region];
  if (own !== undefined) return fillTemplate(own, context);
  throw new UsageError({
    code: "ASY-202",
    at: `async-fleet:model.image in stack ${stack}`,
    got: `images for ${Object.keys(image).join(", ")}`,
    expected: `one for ${region}, too`,
  });
}
