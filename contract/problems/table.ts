/** What a code stands for. A code is never given to another problem, even after its own has gone. */
export interface ProblemKind {
  /** One sentence: what is wrong. */
  readonly means: string;
  /** One sentence: what to do. */
  readonly fix: string;
}

export type ProblemTable = Readonly<Record<`ASY-${number}`, ProblemKind>>;
