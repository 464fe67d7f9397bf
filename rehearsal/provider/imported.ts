import { UsageError } from "../../contract/errors";
import { nameInProgram } from "./not-played";
import type { Properties } from "./property";
import type { ResourceType } from "./resource-type";

/**
 * What is known of a resource from the id given to `pulumi import`: a region may follow it, as in `name@eu-west-1`.
 *
 * @throws UsageError ASY-564 when the id has not its type's form
 */
export function importedState(
  type: ResourceType,
  given: string,
): { id: string; inputs: Properties; outputs: Properties } {
  const located = type.regional ? /^(.+)@([a-z]{2}(?:-[a-z]+)+-[0-9])$/.exec(given) : null;
  const id = located?.[1] ?? given;
  const region: Properties = located?.[2] === undefined ? {} : { region: located[2] };
  if (type.imported === undefined) return { id, inputs: region, outputs: {} };
  const known = type.imported(id);
  if (known === undefined) {
    throw new UsageError({
      code: "ASY-564",
      at: `import of ${nameInProgram(type.token)}`,
      got: given,
      expected: `an id of the form ${type.importForm}`,
    });
  }
  return { id: known.id, inputs: { ...known.inputs, ...region }, outputs: {} };
}
