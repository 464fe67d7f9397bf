import type { PolicyResource } from "@pulumi/policy";
import type * as messages from "@pulumi/pulumi/proto/analyzer_pb";

/** The part of a question about a whole stack that the SDK reads. */
export interface StackQuestion {
  getResourcesList(): {
    some(is: (resource: messages.AnalyzerResource) => boolean): boolean;
    [Symbol.iterator](): Iterator<messages.AnalyzerResource>;
  };
}

/**
 * One reading of a stack's resources for all of its rules. The SDK makes them anew out of the message for each of some
 * forty rules: most of the time and the memory that judging a stack takes. Here it finds them in the message for the
 * first rule only, and every rule is given what it made then. Rules only read what they are given.
 */
export class OneReading {
  private made: PolicyResource[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  /** Hands a question on to the SDK, one after the other: there is one reading at a time. */
  answer(
    request: Pick<messages.AnalyzeStackRequest, "getResourcesList">,
    judge: (question: StackQuestion) => unknown,
  ): Promise<unknown> {
    const answered = this.turn.then(() => judge(questionFor(request.getResourcesList())));
    this.turn = answered
      .catch(() => undefined)
      .then(() => {
        this.made = [];
      });
    return answered;
  }

  /** The stack's resources, from what the SDK gives a rule. */
  of(given: PolicyResource[]): PolicyResource[] {
    if (given.length > 0) this.made = given;
    return this.made;
  }
}

function questionFor(resources: readonly messages.AnalyzerResource[]): StackQuestion {
  let left = resources;
  return {
    getResourcesList: () => ({
      some: (is) => resources.some(is),
      [Symbol.iterator]: () => {
        const now = left;
        left = [];
        return now[Symbol.iterator]();
      },
    }),
  };
}
