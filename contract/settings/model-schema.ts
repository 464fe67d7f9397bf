import { z } from "zod";
import { environmentEntriesMax, environmentValueBytesMax } from "../limits";
import { text, yesOrNo } from "./kinds";

const imageText = text(
  "an image URI such as 123456789012.dkr.ecr.{region}.amazonaws.com/team/model:1",
  /^[A-Za-z0-9.{}_/:@-]+$/,
);
const regionCode = text("a region code", /^[a-z]{2}(-[a-z]+)+-\d$/);
const repository = text(
  "an ECR repository such as team/model",
  /^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/,
);
const tag = text("an image tag", /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);

const prebuilt = z.strictObject({ repository, tag });
const replicated = z.strictObject({ repository, tag, from: regionCode });

const s3Data = text(
  "an S3 URI ending in .tar.gz, or an S3 prefix ending in /; it may hold {region} and {account}",
  /^s3:\/\/[a-z0-9{][a-z0-9.{}-]+[a-z0-9}]\/(?:\S*\/|\S+\.tar\.gz)?$/,
);
/** A path on this machine is whatever has no scheme. */
const localPath = text("a local path", /^(?![a-z0-9]+:\/\/)\S+$/);

const dataForms = "an S3 URI ending in .tar.gz, an S3 prefix ending in /, a local path, or an S3 URI for each region";

export const modelSchema = z.strictObject(
  {
    image: z
      .union(
        [
          imageText,
          z.strictObject({ prebuilt }),
          z.strictObject({ replicate: replicated }),
          z.record(regionCode, imageText),
        ],
        {
          error:
            "an image URI (it may hold {region} and {account}), { prebuilt: { repository, tag } }, { replicate: { repository, tag, from } }, or a URI for each region",
        },
      )
      .meta({
        description:
          "The container image: one URI, which may hold {region} and {account}; a URI for each region; prebuilt, AWS's own image in each region's registry; or replicate, a repository made in one region and copied by ECR to every other region of the fleet.",
      }),
    data: z
      .union([s3Data, localPath, z.record(regionCode, s3Data)], { error: dataForms })
      .optional()
      .meta({
        description:
          "The model's artefacts: an S3 URI (it may hold {region} and {account}), an S3 URI for each region, or a local file or folder, which is uploaded to every region under the checksum of its bytes.",
      }),
    environment: z
      .record(
        text("a name of letters, digits and _", /^[A-Za-z_][A-Za-z0-9_]*$/),
        z.string({ error: "text" }).refine((value) => Buffer.byteLength(value) <= environmentValueBytesMax, {
          error: `text of at most ${environmentValueBytesMax} bytes`,
        }),
      )
      .refine((entries) => Object.keys(entries).length <= environmentEntriesMax, {
        error: `at most ${environmentEntriesMax} variables`,
      })
      .default({})
      .meta({ description: "The container's environment." }),
    networkIsolation: yesOrNo()
      .default(true)
      .meta({ description: "No network for the container. SageMaker still brings payloads and the model's data." }),
  },
  { error: "an object with at least image" },
);
