import assert from "node:assert/strict";
import type { ResourceRule, StackRule } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { judgeResource, judgeStack, type StackResource, unknown, type Verdict } from "./verdict";

/** A resource as it is registered. */
export interface Resource {
  readonly type: string;
  readonly props: object;
  /** Its resource options. @default - none */
  readonly opts?: object;
}

/** A verdict, or what every message of a violation together must match. */
type Expected = Exclude<Verdict, object> | RegExp;

/** What is judged, the resource, the verdict, and the rule's parameters. */
export type ResourceRow = readonly [what: string, resource: Resource, expected: Expected, config?: object];

/** What is judged, the stack's resources, the verdict, and the rule's parameters. */
export type StackRow = readonly [
  what: string,
  resources: readonly StackResource[],
  expected: Expected,
  config?: object,
];

/** A test for each row of a rule about one resource, and one that the four kinds of row are all there. */
export function judges(name: string, rows: readonly ResourceRow[]): void {
  table(name, rows, (rule, resource, config) => {
    assert.ok("validateResource" in rule, `${name} judges stacks`);
    return judgeResource(rule as ResourceRule, resource.type, resource.props, config, resource.opts);
  });
}

/** The same for a rule about a stack. */
export function judgesStack(name: string, rows: readonly StackRow[]): void {
  table(name, rows, (rule, resources, config) => {
    assert.ok("validateStack" in rule, `${name} judges single resources`);
    return judgeStack(rule as StackRule, resources, config);
  });
}

function table<Judged>(
  name: string,
  rows: ReadonlyArray<readonly [string, Judged, Expected, object?]>,
  judge: (rule: ResourceRule | StackRule, judged: Judged, config?: object) => Verdict,
): void {
  describe(name, () => {
    for (const [what, judged, expected, config] of rows) {
      it(`${expected instanceof RegExp ? "violated" : expected}: ${what}`, () => {
        const rule = rules.find((each) => each.name === name);
        assert.ok(rule !== undefined, `${name} is not in the pack`);
        const verdict = judge(rule, judged, config);
        if (!(expected instanceof RegExp)) assert.deepEqual(verdict, expected);
        else {
          assert.ok(typeof verdict === "object", `it says ${String(verdict)}`);
          assert.match(verdict.violated.join("\n"), expected);
        }
      });
    }

    it("is shown violated, complied with, not applicable, and at a value unknown at preview", () => {
      const shown = rows.flatMap(([, judged, expected]) => [
        expected instanceof RegExp ? "violated" : expected,
        ...(holdsUnknown(judged) ? ["unknown"] : []),
      ]);
      assert.deepEqual([...new Set(shown)].sort(), ["complies", "not applicable", "unknown", "violated"]);
    });
  });
}

function holdsUnknown(value: unknown): boolean {
  if (value === unknown) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
