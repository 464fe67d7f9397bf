import type { Properties, Schema, Values } from "../property";
import type { StepContext } from "../resource-type";

/** One function of the provider, called by the program with `aws.getRegion(...)` and the like. */
export interface ProviderFunction {
  /** Pulumi's token, e.g. `aws:index/getRegion:getRegion`. */
  readonly token: string;
  readonly args: Schema;
  /** `context` is in the region that the arguments name, else in the provider's own. */
  answer(context: StepContext, args: Properties): Promise<Properties>;
}

export function defineFunction<S extends Schema>(definition: {
  readonly token: string;
  readonly args: S;
  answer(context: StepContext, args: Values<S>): Promise<Properties>;
}): ProviderFunction {
  return {
    ...definition,
    // Arguments get here only through the check of the schema that their type is derived from.
    answer: (context, args) => definition.answer(context, args as Values<S>),
  };
}
