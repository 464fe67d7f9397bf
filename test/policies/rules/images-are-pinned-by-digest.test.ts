import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("images-are-pinned-by-digest", [
  ["a digest", modelWithEnvironment({}, `registry/own@sha256:${"0".repeat(64)}`), "complies"],
  ["a tag", modelWithEnvironment({}, "registry/own:1"), /^primaryContainer\.image has no digest\.$/],
  ["half a digest", modelWithEnvironment({}, "registry/own@sha256:0123"), /has no digest/],
  [
    "a tag beside an unknown image",
    model({ primaryContainer: undefined, containers: [{ image: unknown }, { image: "m:1" }] }),
    /^containers\[1\]/,
  ],
  ["a model package", model({ primaryContainer: { modelPackageName: "p" } }), "not applicable"],
  ["an unknown image", modelWithEnvironment({}, unknown), "unknown"],
]);
