import type * as sdk from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import { type PageAsked, pageOf } from "../paging";
import { Partitions } from "../partitions";
import { TagStore } from "../tags";
import type { World } from "../world";
import { eventsPerPageMax, type LogEvent, readEvents } from "./reading";

interface GroupState {
  readonly createdMs: number;
  readonly streams: Map<string, LogEvent[]>;
  retentionInDays?: number | undefined;
  kmsKeyId?: string | undefined;
}

/** The newest lines of a stream are kept; a rehearsal is not an archive. */
const linesPerStream = 5000;
/** Groups or streams of one page, unless fewer are asked for. */
const pageSizeMax = 50;

/** CloudWatch Logs. */
export class Logs {
  private readonly regions = new Partitions<Map<string, GroupState>>(() => new Map());
  private readonly tags = new TagStore();

  constructor(private readonly world: World) {}

  async createLogGroup(
    call: Call,
    input: sdk.CreateLogGroupCommandInput,
  ): Promise<Answer<sdk.CreateLogGroupCommandOutput>> {
    const groups = this.regions.of(call);
    const name = input.logGroupName ?? "";
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
      throw new AwsError(
        "InvalidParameterException",
        `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
      );
    if (groups.has(name))
      throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
    this.world.iam.require(call, { action: "logs:CreateLogGroup", resource: groupArn(call, name) });
    if (input.kmsKeyId !== undefined) this.checkKey(call, name, input.kmsKeyId);
    groups.set(name, {
      createdMs: this.world.clock.now(),
      streams: new Map(),
      ...(input.kmsKeyId === undefined ? {} : { kmsKeyId: input.kmsKeyId }),
    });
    this.tags.put(groupArn(call, name), input.tags ?? {});
    return {};
  }

  async deleteLogGroup(
    call: Call,
    input: sdk.DeleteLogGroupCommandInput,
  ): Promise<Answer<sdk.DeleteLogGroupCommandOutput>> {
    this.group(call, input.logGroupName);
    this.regions.of(call).delete(input.logGroupName ?? "");
    this.tags.forget(groupArn(call, input.logGroupName ?? ""));
    return {};
  }

  async describeLogGroups(
    call: Call,
    input: sdk.DescribeLogGroupsCommandInput,
  ): Promise<Answer<sdk.DescribeLogGroupsCommandOutput>> {
    if (input.logGroupNamePrefix !== undefined && input.logGroupNamePattern !== undefined)
      throw new AwsError(
        "InvalidParameterException",
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
      );
    const found = [...this.regions.of(call)]
      .filter(
        ([name]) => name.startsWith(input.logGroupNamePrefix ?? "") && name.includes(input.logGroupNamePattern ?? ""),
      )
      .sort(byName);
    const { items, next } = pageOf(found, ([name]) => name, pageAsked(input));
    const logGroups = items.map(([logGroupName, { createdMs, retentionInDays, kmsKeyId }]) => ({
      logGroupName,
      creationTime: createdMs,
      arn: `${groupArn(call, logGroupName)}:*`,
      logGroupArn: groupArn(call, logGroupName),
      logGroupClass: "STANDARD" as const,
      ...(retentionInDays === undefined ? {} : { retentionInDays }),
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    }));
    return { logGroups, ...(next === undefined ? {} : { nextToken: next }) };
  }

  async putRetentionPolicy(
    call: Call,
    input: sdk.PutRetentionPolicyCommandInput,
  ): Promise<Answer<sdk.PutRetentionPolicyCommandOutput>> {
    this.group(call, input.logGroupName).retentionInDays = input.retentionInDays;
    return {};
  }

  async deleteRetentionPolicy(
    call: Call,
    input: sdk.DeleteRetentionPolicyCommandInput,
  ): Promise<Answer<sdk.DeleteRetentionPolicyCommandOutput>> {
    this.group(call, input.logGroupName).retentionInDays = undefined;
    return {};
  }

  async associateKmsKey(
    call: Call,
    input: sdk.AssociateKmsKeyCommandInput,
  ): Promise<Answer<sdk.AssociateKmsKeyCommandOutput>> {
    const group = this.group(call, input.logGroupName);
    this.checkKey(call, input.logGroupName ?? "", input.kmsKeyId ?? "");
    group.kmsKeyId = input.kmsKeyId;
    return {};
  }

  async disassociateKmsKey(
    call: Call,
    input: sdk.DisassociateKmsKeyCommandInput,
  ): Promise<Answer<sdk.DisassociateKmsKeyCommandOutput>> {
    this.group(call, input.logGroupName).kmsKeyId = undefined;
    return {};
  }

  async createLogStream(
    call: Call,
    input: sdk.CreateLogStreamCommandInput,
  ): Promise<Answer<sdk.CreateLogStreamCommandOutput>> {
    this.authorize(call, "logs:CreateLogStream", input.logGroupName, input.logStreamName);
    const { streams } = this.group(call, input.logGroupName);
    if (streams.has(input.logStreamName ?? ""))
      throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
    streams.set(input.logStreamName ?? "", []);
    return {};
  }

  async putLogEvents(call: Call, input: sdk.PutLogEventsCommandInput): Promise<Answer<sdk.PutLogEventsCommandOutput>> {
    this.authorize(call, "logs:PutLogEvents", input.logGroupName, input.logStreamName);
    const lines = this.stream(call, input.logGroupName, input.logStreamName);
    for (const { timestamp, message } of input.logEvents ?? [])
      lines.push({ timestamp: timestamp ?? 0, message: message ?? "" });
    if (lines.length > linesPerStream) lines.splice(0, lines.length - linesPerStream);
    return {};
  }

  async describeLogStreams(
    call: Call,
    input: sdk.DescribeLogStreamsCommandInput,
  ): Promise<Answer<sdk.DescribeLogStreamsCommandOutput>> {
    this.authorize(call, "logs:DescribeLogStreams", input.logGroupName, "");
    const { streams } = this.group(call, input.logGroupName);
    if (input.orderBy === "LastEventTime" && input.logStreamNamePrefix !== undefined)
      throw new AwsError("InvalidParameterException", "Cannot order by LastEventTime with a logStreamNamePrefix.");
    const found = [...streams].filter(([name]) => name.startsWith(input.logStreamNamePrefix ?? "")).sort(byName);
    if (input.orderBy === "LastEventTime")
      found.sort(([, left], [, right]) => (left.at(-1)?.timestamp ?? 0) - (right.at(-1)?.timestamp ?? 0));
    if (input.descending === true) found.reverse();
    const { items, next } = pageOf(found, ([name]) => name, pageAsked(input));
    return {
      logStreams: items.map(([logStreamName, lines]) => ({
        logStreamName,
        firstEventTimestamp: lines[0]?.timestamp,
        lastEventTimestamp: lines.at(-1)?.timestamp,
      })),
      ...(next === undefined ? {} : { nextToken: next }),
    };
  }

  async getLogEvents(call: Call, input: sdk.GetLogEventsCommandInput): Promise<Answer<sdk.GetLogEventsCommandOutput>> {
    return readEvents(within(this.stream(call, input.logGroupName, input.logStreamName), input), input);
  }

  async filterLogEvents(
    call: Call,
    input: sdk.FilterLogEventsCommandInput,
  ): Promise<Answer<sdk.FilterLogEventsCommandOutput>> {
    const pattern = input.filterPattern?.replace(/^"(.*)"$/, "$1") ?? "";
    const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
    if (names !== undefined && prefix !== undefined)
      throw new AwsError(
        "InvalidParameterException",
        "logStreamNames and logStreamNamePrefix cannot be specified together.",
      );
    const streams = [...this.group(call, input.logGroupName).streams].filter(
      ([name]) => name.startsWith(prefix ?? "") && (names ?? [name]).includes(name),
    );
    const found = streams.flatMap(([logStreamName, lines]) =>
      within(
        lines.map((line, index) => ({ ...line, logStreamName, eventId: `${logStreamName}/${index}` })),
        input,
      ).filter(({ message }) => message.includes(pattern)),
    );
    found.sort((left, right) => left.timestamp - right.timestamp);
    if (input.startFromHead === false) found.reverse();
    const { items, next } = pageOf(found, ({ eventId }) => eventId, {
      size: Math.min(input.limit ?? eventsPerPageMax, eventsPerPageMax),
      token: input.nextToken,
      invalidToken: "InvalidParameterException",
    });
    return { events: items, searchedLogStreams: [], ...(next === undefined ? {} : { nextToken: next }) };
  }

  async tagResource(_call: Call, input: sdk.TagResourceCommandInput): Promise<Answer<sdk.TagResourceCommandOutput>> {
    this.tags.put(input.resourceArn ?? "", input.tags ?? {});
    return {};
  }

  async untagResource(
    _call: Call,
    input: sdk.UntagResourceCommandInput,
  ): Promise<Answer<sdk.UntagResourceCommandOutput>> {
    this.tags.remove(input.resourceArn ?? "", input.tagKeys ?? []);
    return {};
  }

  async listTagsForResource(
    _call: Call,
    input: sdk.ListTagsForResourceCommandInput,
  ): Promise<Answer<sdk.ListTagsForResourceCommandOutput>> {
    return { tags: this.tags.of((input.resourceArn ?? "").replace(/:\*$/, "")) };
  }

  private authorize(call: Call, action: string, group: string | undefined, stream: string | undefined): void {
    const resource = `${groupArn(call, group ?? "")}:log-stream:${stream ?? ""}`;
    this.world.iam.require(call, { action, resource });
  }

  /** CloudWatch Logs uses the key itself, for this group's lines only. */
  private checkKey(call: Call, group: string, key: string): void {
    const itself: Call = { ...call, principal: { kind: "service", service: `logs.${call.region}.amazonaws.com` } };
    const arn = groupArn(call, group);
    try {
      for (const use of ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"] as const) {
        this.world.kms.authorizeUse(itself, key, use, { encryptionContext: { "aws:logs:arn": arn } });
      }
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw new AwsError(
        "InvalidParameterException",
        `The specified KMS Key Id could not be found or is not allowed to be used with LogGroup '${arn}'.`,
      );
    }
  }

  private group(call: Call, name: string | undefined): GroupState {
    const state = this.regions.of(call).get(name ?? "");
    if (state === undefined) throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
    return state;
  }

  private stream(call: Call, group: string | undefined, stream: string | undefined): LogEvent[] {
    const lines = this.group(call, group).streams.get(stream ?? "");
    if (lines === undefined)
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    return lines;
  }
}

function groupArn({ accountId, region }: Call, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}

function within<Line extends LogEvent>(
  lines: readonly Line[],
  { startTime, endTime }: { startTime?: number | undefined; endTime?: number | undefined },
): Line[] {
  return lines.filter(
    ({ timestamp }) => timestamp >= (startTime ?? 0) && timestamp < (endTime ?? Number.MAX_SAFE_INTEGER),
  );
}

function pageAsked(asked: { limit?: number | undefined; nextToken?: string | undefined }): PageAsked {
  return {
    size: Math.min(asked.limit ?? pageSizeMax, pageSizeMax),
    token: asked.nextToken,
    invalidToken: "InvalidParameterException",
  };
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
