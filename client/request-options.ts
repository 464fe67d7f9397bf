import { type Problem, UsageError } from "../contract/errors";
import { invocationMembers, type TextMember } from "../contract/invocation";
import { invocationTimeoutSeconds, type Range, requestTtlSeconds } from "../contract/limits";

/** What can be said of one request, in the words of InvokeEndpointAsync. */
export interface RequestOptions {
  /** The payload's media type, handed to the container. */
  readonly contentType: string;
  /** The media type wanted back. @default - the container chooses */
  readonly accept?: string;
  /** Names the request in notices and logs; 1 to 64 characters. @default - the key, or a random UUID */
  readonly inferenceId?: string;
  /** How old the request may become in the queue. @default - what the fleet declares */
  readonly timeToLiveSeconds?: number;
  /** How long the container may work. @default - what the fleet declares */
  readonly invocationTimeoutSeconds?: number;
  /** Passed to the container as it stands. @default - none */
  readonly customAttributes?: string;
  /** A folder below the output path for this request's result. @default - none */
  readonly outputPathExtension?: string;
  /** The result's name below the output path. @default - SageMaker makes one; with a `key`, it follows from the key */
  readonly filename?: string;
}

/** @throws UsageError ASY-303 with everything SageMaker would refuse */
export function refuseWrongOptions(options: RequestOptions): void {
  const problems = [
    ...outside("timeToLiveSeconds", options.timeToLiveSeconds, requestTtlSeconds),
    ...outside("invocationTimeoutSeconds", options.invocationTimeoutSeconds, invocationTimeoutSeconds),
    ...(
      ["contentType", "accept", "customAttributes", "inferenceId", "outputPathExtension", "filename"] as const
    ).flatMap((name) => wrongText(name, options[name], invocationMembers[name])),
  ];
  if (problems.length > 0) throw new UsageError(problems);
}

function outside(option: string, value: number | undefined, range: Range): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= range.min && value <= range.max)) return [];
  return [
    { code: "ASY-303", at: option, got: String(value), expected: `a whole number from ${range.min} to ${range.max}` },
  ];
}

function wrongText(option: string, value: string | undefined, { charactersMax, pattern, says }: TextMember): Problem[] {
  if (value === undefined || (value.length <= charactersMax && pattern.test(value))) return [];
  const shown = value.length > 80 ? `${value.length} characters` : JSON.stringify(value);
  // Custom attributes may hold what nobody else should read.
  return [
    {
      code: "ASY-303",
      at: option,
      got: option === "customAttributes" ? `${value.length} characters` : shown,
      expected: says,
    },
  ];
}
