import { createHash } from "node:crypto";
import type { Ids } from "../world/ids";
import type { CheckFailure } from "./check";
import type { Properties } from "./property";

/** How a resource type gets a name where the program gives none. */
export interface Autoname {
  /** The property that holds the name, e.g. `bucket`. */
  readonly property: string;
  /** The property with which a program asks for a name of its own beginning. */
  readonly prefixProperty?: string;
  /** Longest name AWS takes. */
  readonly maxLength: number;
  /** What comes before every name, e.g. `alias/`. */
  readonly before?: string;
  /** What comes after it, e.g. `.fifo` for a FIFO topic. */
  readonly after?: (inputs: Properties) => string;
  readonly lowerCase?: boolean;
}

export interface NamedInputs {
  readonly inputs: Properties;
  readonly failure?: CheckFailure;
}

const randomDigits = 7;

/**
 * Gives a resource its name as Pulumi's providers do: the name in the program, a dash and seven hexadecimal digits. A
 * name that was made so before is kept.
 *
 * @param seed where the digits come from; the same seed gives the same name
 */
export function withName(
  autoname: Autoname,
  urnName: string,
  inputs: Properties,
  olds: Properties,
  seed: Uint8Array,
): NamedInputs {
  const { property, prefixProperty, maxLength } = autoname;
  if (inputs[property] !== undefined) return { inputs };
  // The provider makes the rest up when it creates the resource.
  if (prefixProperty !== undefined && inputs[prefixProperty] !== undefined) return { inputs };
  const old = olds[property];
  if (typeof old === "string" && isMadeName(autoname, old)) return { inputs: { ...inputs, [property]: old } };
  const digits = createHash("sha256").update(seed).digest("hex").slice(0, randomDigits);
  const name = `${stem(autoname, urnName)}-${digits}${autoname.after?.(inputs) ?? ""}`;
  if (name.length > maxLength) {
    return {
      inputs,
      failure: {
        property,
        reason:
          `ASY-562 got the made-up name ${name} of ${name.length} characters, expected at most ${maxLength}: ` +
          `give the resource a shorter name in the program, or set ${property}`,
      },
    };
  }
  return { inputs: { ...inputs, [property]: name } };
}

/** The name of a resource that is about to be created: a wished beginning gets its end now. */
export function withFinishedName(autoname: Autoname, inputs: Properties, ids: Ids): Properties {
  const { property, prefixProperty } = autoname;
  const prefix = prefixProperty === undefined ? undefined : inputs[prefixProperty];
  if (inputs[property] !== undefined || typeof prefix !== "string") return inputs;
  return { ...inputs, [property]: `${prefix}${ids.hex(26)}${autoname.after?.(inputs) ?? ""}` };
}

/**
 * Whether a resource's name was made up, so that a replacement can stand beside the old one. AWS's provider marks such
 * names in the state and keeps them when the resource gets another name in the program, so here its form alone tells.
 */
export function isMadeName({ before = "" }: Autoname, name: string): boolean {
  return name.startsWith(before) && /^.+-[0-9a-f]{7}(\.fifo)?$/.test(name.slice(before.length));
}

function stem({ before = "", lowerCase = false }: Autoname, urnName: string): string {
  return `${before}${lowerCase ? urnName.toLowerCase() : urnName}`;
}
