import type * as sdk from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../aws-error";
import type { Answer } from "../call";

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

export const eventsPerPageMax = 10_000;

/**
 * One page of a stream's events, oldest first, with the tokens to both sides. At an end the token is the one that was
 * given, which is how readers know that they have everything (API reference, GetLogEvents, read 2026-11-25).
 *
 * @throws AwsError InvalidParameterException for a token that no page gave
 */
export function readEvents(
  events: readonly LogEvent[],
  { limit = eventsPerPageMax, nextToken, startFromHead = false }: sdk.GetLogEventsCommandInput,
): Answer<sdk.GetLogEventsCommandOutput> {
  const size = Math.min(limit, eventsPerPageMax);
  const [, side, at] = /^([fb])\/(\d{1,12})$/.exec(nextToken ?? "") ?? [];
  if (nextToken !== undefined && side === undefined)
    throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
  const place = Math.min(Number(at), events.length);
  const forward = side === undefined ? startFromHead : side === "f";
  const from =
    side === undefined
      ? forward
        ? 0
        : Math.max(0, events.length - size)
      : forward
        ? place
        : Math.max(0, place - size);
  const to = side === "b" ? place : Math.min(events.length, from + size);
  return {
    events: events.slice(from, to).map(({ timestamp, message }) => ({ timestamp, message })),
    nextForwardToken: `f/${to}`,
    nextBackwardToken: `b/${from}`,
  };
}
