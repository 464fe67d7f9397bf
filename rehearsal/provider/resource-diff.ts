import { isMadeName } from "./autonaming";
import { type Change, diffInputs } from "./diff";
import type { Properties } from "./property";
import { hasUnknown } from "./property-values";
import type { ResourceType } from "./resource-type";

/** What a change of inputs means for a resource. */
export interface ResourceDiff {
  readonly changes: ReadonlyMap<string, Change>;
  /** Top-level properties whose change replaces the resource. */
  readonly replaces: readonly string[];
  /** The old one has to go first, because its name is fixed and AWS will not take it twice. */
  readonly deleteBeforeReplace: boolean;
}

/**
 * Compares a resource's inputs.
 *
 * @param ignored paths that the program asked to leave alone
 */
export function diffResource(
  type: ResourceType,
  olds: Properties,
  news: Properties,
  ignored: readonly string[] = [],
): ResourceDiff {
  const changes = diffInputs(type.inputs, olds, news, ignored);
  const replaces = [...changes].filter(([, change]) => change.replaces).map(([path]) => topLevel(path));
  return {
    changes,
    replaces: [...new Set(replaces)],
    deleteBeforeReplace: replaces.length > 0 && keepsFixedName(type, olds, news),
  };
}

/** The property that a path begins with. */
export function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}

function keepsFixedName(type: ResourceType, olds: Properties, news: Properties): boolean {
  if (type.autoname === undefined) return false;
  const name = news[type.autoname.property];
  return (
    typeof name === "string" &&
    name === olds[type.autoname.property] &&
    !hasUnknown(name) &&
    !isMadeName(type.autoname, name)
  );
}
