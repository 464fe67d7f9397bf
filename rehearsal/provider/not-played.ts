import { UsageError } from "../../contract/errors";
import { providerFunctions } from "./functions";
import { resourceTypes } from "./resource-types";

/** The error for a resource type that the rehearsal does not play: it names the ones it does. */
export function notPlayedType(token: string): UsageError {
  return new UsageError({
    code: "ASY-560",
    at: token,
    got: "a resource type the rehearsal does not play",
    expected: `one of ${namesOf(resourceTypes.keys())}`,
  });
}

/** The error for a function that the rehearsal does not play: it names the ones it does. */
export function notPlayedFunction(token: string): UsageError {
  return new UsageError({
    code: "ASY-561",
    at: token,
    got: "a function the rehearsal does not play",
    expected: `one of ${namesOf(providerFunctions.keys())}`,
  });
}

/** `aws:sns/topic:Topic` as it is written in a program: `aws.sns.Topic`. */
export function nameInProgram(token: string): string {
  const [, module = "", name = token] = /^aws:(?:index\/|([^/]+)\/)?.*:(.+)$/.exec(token) ?? [];
  return ["aws", module, name].filter((part) => part !== "").join(".");
}

/** An error in one line, for engines that show a reason within a sentence of their own. */
export function inOneLine(error: UsageError): string {
  return error.message.replace(/\s*\n\s*/g, "; ").replace(/ {2,}/g, " ");
}

function namesOf(tokens: Iterable<string>): string {
  return [...tokens].map(nameInProgram).sort().join(", ");
}
