import assert from "node:assert/strict";
import { fromAws, toAws } from "../../../rehearsal/provider/aws-shapes";
import { list, map, member, object, text, whole } from "../../../rehearsal/provider/property";

const schema = {
  primaryContainer: object({ image: text(), environment: map(text()) }),
  variants: list(object({ volumeSizeInGb: member("VolumeSizeInGB", whole()) })),
};
const properties = {
  primaryContainer: { image: "i", environment: { lowerCase: "x", UPPER: "y" } },
  variants: [{ volumeSizeInGb: 5 }],
};
const shape = {
  PrimaryContainer: { Image: "i", Environment: { lowerCase: "x", UPPER: "y" } },
  Variants: [{ VolumeSizeInGB: 5 }],
};

describe("AWS shapes", () => {
  it("capitalises members but never the keys of maps, and takes names of AWS's own from the schema", () => {
    assert.deepEqual(toAws(schema, properties), shape);
  });

  it("read back to the same properties, without members that the schema does not know", () => {
    assert.deepEqual(
      fromAws(schema, { ...shape, CreationTime: new Date(0), Variants: [{ VolumeSizeInGB: 5, X: 1 }] }),
      properties,
    );
    assert.deepEqual(fromAws(schema, undefined), {});
  });
});
