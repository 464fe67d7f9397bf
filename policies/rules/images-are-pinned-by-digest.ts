import { textAt, types } from "../async-resources";
import { inTurn, looksAt, type ResourceRule } from "../rule";
import { containersOf } from "../security-resources";

export const imagesArePinnedByDigest: ResourceRule = {
  name: "images-are-pinned-by-digest",
  group: "security",
  displayName: "Images are pinned by digest",
  description: "A model names its image by digest.",
  why: "A tag can be moved: an instance that wakes tomorrow may run another image than the one that was tried.",
  notJudged:
    "Registries whose tags cannot be moved. Off by default, because a digest differs from registry to registry.",
  severity: "low",
  enforcementLevel: "disabled",
  controls: [],
  remediationSteps: "Name the image as <repository>@sha256:<digest>.",
  validateResource: looksAt([types.model], (props, report, args) => {
    const images = containersOf(props).filter(({ container }) => "image" in container);
    if (images.length === 0) return args.notApplicable("no container names an image");
    inTurn(
      images.map(({ at, container }) => () => {
        if (!/@sha256:[0-9a-f]{64}$/.test(textAt(container, "image") ?? "")) report(`${at}.image has no digest.`);
      }),
    );
  }),
};
