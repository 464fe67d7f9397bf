import { logRetentionDays } from "../../../contract/limits";
import { unlessGone } from "../aws-calls";
import { arn, choice, chosenByAws, fallback, flag, replaces, required, tags, text, untold, whole } from "../property";
import { defineResource, type StepContext, type Tagging } from "../resource-type";

const gone = ["ResourceNotFoundException"] as const;

/** The retention periods CloudWatch Logs knows, in days; 0 keeps everything. */
const retentions = [0, ...logRetentionDays];

const tagging: Tagging = {
  async read({ aws }, { outputs }) {
    const { tags: values = {} } = await aws.logs.listTagsForResource({ resourceArn: String(outputs.arn) });
    return values;
  },
  async write({ aws }, { outputs }, put, removed) {
    const resourceArn = String(outputs.arn);
    if (removed.length > 0) await aws.logs.untagResource({ resourceArn, tagKeys: [...removed] });
    if (Object.keys(put).length > 0) await aws.logs.tagResource({ resourceArn, tags: { ...put } });
  },
};

/** A log group. Its id is its name. */
export const cloudwatchLogGroup = defineResource({
  token: "aws:cloudwatch/logGroup:LogGroup",
  regional: true,
  importForm: "<log group name>",
  inputs: {
    name: required(
      replaces(text({ maxLength: 512, pattern: /^[\w./#-]+$/, patternMeans: "letters, digits and ./_-#" })),
    ),
    namePrefix: replaces(text({ maxLength: 512 - 26 })),
    kmsKeyId: arn("kms"),
    logGroupClass: replaces(chosenByAws(choice(["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"]))),
    retentionInDays: fallback(0, whole({ oneOf: retentions })),
    skipDestroy: untold(fallback(false, flag())),
    tags: tags(),
  },
  computed: ["arn"],
  autoname: { property: "name", prefixProperty: "namePrefix", maxLength: 512 },
  tagging,
  async create(context, given) {
    const { aws, exists } = context;
    await aws.logs.createLogGroup({
      logGroupName: given.name,
      ...(given.kmsKeyId === undefined ? {} : { kmsKeyId: given.kmsKeyId }),
      ...(given.logGroupClass === undefined ? {} : { logGroupClass: given.logGroupClass }),
      ...(given.tags === undefined ? {} : { tags: { ...given.tags } }),
    });
    exists(given.name);
    if (given.retentionInDays !== 0) await setRetention(context, given.name, given.retentionInDays);
    return given.name;
  },
  async read({ aws }, { id }) {
    const { logGroups = [] } = await aws.logs.describeLogGroups({ logGroupNamePrefix: id });
    const group = logGroups.find(({ logGroupName }) => logGroupName === id);
    if (group === undefined) return undefined;
    return {
      name: group.logGroupName,
      // The provider gives the ARN of the group itself, without the `:*` that stands for its streams.
      arn: group.logGroupArn ?? group.arn?.replace(/:\*$/, ""),
      kmsKeyId: group.kmsKeyId,
      logGroupClass: group.logGroupClass,
      retentionInDays: group.retentionInDays ?? 0,
    };
  },
  async update(context, { id, inputs: before }, given) {
    const { aws } = context;
    if (before.retentionInDays !== given.retentionInDays) await setRetention(context, id, given.retentionInDays);
    if (before.kmsKeyId === given.kmsKeyId) return;
    if (given.kmsKeyId === undefined) await aws.logs.disassociateKmsKey({ logGroupName: id });
    else await aws.logs.associateKmsKey({ logGroupName: id, kmsKeyId: given.kmsKeyId });
  },
  async delete({ aws }, { id, inputs: given }) {
    if (given.skipDestroy === true) return;
    await unlessGone(gone, () => aws.logs.deleteLogGroup({ logGroupName: id }));
  },
});

async function setRetention({ aws }: StepContext, name: string, days = 0): Promise<void> {
  if (days === 0) await aws.logs.deleteRetentionPolicy({ logGroupName: name });
  else await aws.logs.putRetentionPolicy({ logGroupName: name, retentionInDays: days });
}
