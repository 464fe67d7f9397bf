import type { Problem } from "../contract/errors";
import type { RuleInfo, StackVerdict } from "./finding";

export interface WorkerOptions {
  /** The folder of Pulumi.yaml. */
  readonly rootDir: string;
  /** How long a program may run, and how long the pack may judge one stack. */
  readonly timeoutSeconds: number;
  /** The module whose `program` is run for a stack. @default - this project's own */
  readonly programModule?: string;
  /** A policy configuration. @default - every rule as it is */
  readonly policyConfig?: string;
  /** There will be one job only. @default false */
  readonly isForOne?: boolean;
  /** A file of waivers. @default - the pack's own */
  readonly waivers?: string;
}

/** One stack to judge: by its program, or by a preview or state that a file holds. */
export interface Job {
  readonly id: number;
  /** @default - the file tells */
  readonly stack?: string;
  /** @default - the stack's program is recorded */
  readonly file?: string;
}

export type FromWorker =
  /** The pack's process, for who has to end this one by force. */
  | { readonly kind: "started"; readonly packPid: number }
  /** Once, with the first verdict. */
  | { readonly kind: "rules"; readonly rules: readonly RuleInfo[] }
  /** Nothing can be judged at all. */
  | { readonly kind: "broken"; readonly problems: readonly Problem[] }
  | { readonly kind: "recording"; readonly id: number }
  | { readonly kind: "recorded"; readonly id: number }
  | {
      readonly kind: "judged";
      readonly id: number;
      /** @default - it could not be judged */
      readonly verdict?: StackVerdict;
      readonly problems: readonly Problem[];
      /** The worker must not record another program: this one may still be at work in it. */
      readonly isSpent: boolean;
    }
  /** Not begun, because the worker is spent. */
  | { readonly kind: "returned"; readonly id: number }
  /** A fault of ours. */
  | { readonly kind: "fault"; readonly text: string };
