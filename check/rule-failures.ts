import { status } from "@grpc/grpc-js";
import { type Problem, UsageError } from "../contract/errors";
import { CallFailed } from "./pack-call";
import { packProblem } from "./pack-runner";

/** Rules that failed, each told once however many resources it failed on. */
export class RuleFailures {
  private readonly byText = new Map<string, { readonly problem: Problem; times: number }>();

  constructor(private readonly timeoutSeconds: number) {}

  /** @throws UsageError ASY-404 or ASY-421 for what no single rule is known to have done */
  take(cause: unknown, urn: string): void {
    if (!(cause instanceof CallFailed)) throw cause;
    const thrown = thrownBy(cause);
    if (thrown === undefined) throw this.fatal(cause);
    const { rule, got } = thrown;
    const known = this.byText.get(`${rule} ${got}`);
    if (known !== undefined) {
      known.times++;
      return;
    }
    const at = `rule ${rule}${urn === "" ? "" : ` on ${urn}`}`;
    const problem: Problem = { code: "ASY-420", at, got, expected: "a verdict" };
    this.byText.set(`${rule} ${got}`, { problem, times: 1 });
  }

  get problems(): readonly Problem[] {
    return [...this.byText.values()].map(({ problem, times }) =>
      times === 1 ? problem : { ...problem, at: `${problem.at} and ${times - 1} more` },
    );
  }

  private fatal({ error, said }: CallFailed): UsageError {
    if (error.code !== status.DEADLINE_EXCEEDED)
      return packProblem(error.details || error.message, "an answer of the policy pack", said);
    const got = `no answer within ${this.timeoutSeconds} seconds`;
    return new UsageError({ code: "ASY-421", at: "policies/", got, expected: "rules that end" });
  }
}

/** Whether the pack can be asked no more: it broke off, or a rule does not end. */
export function isFatal(cause: unknown): boolean {
  return !(cause instanceof CallFailed) || thrownBy(cause) === undefined;
}

/** The rule that threw and the first line of what it threw, when the call failed for that. */
function thrownBy({ error }: CallFailed): { rule: string; got: string } | undefined {
  if (error.code === status.DEADLINE_EXCEEDED) return undefined;
  const thrown = /^Error validating (?:resource|stack)? ?with policy '([^']+)'[^:]*:?\s*([\s\S]*)$/.exec(error.details);
  if (thrown === null) return undefined;
  const [, rule = "", trace = ""] = thrown;
  const got = trace.split("\n").find((line) => line.trim() !== "");
  return { rule, got: got?.trim() ?? "it threw" };
}
