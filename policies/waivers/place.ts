import { UnknownValueError } from "@pulumi/policy";
import type { Place } from "./waiver";

interface Placed {
  readonly urn: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly provider?: { readonly props: Readonly<Record<string, unknown>> };
}

/** Where a resource is, as waivers see it. The region of its provider counts when it names none. */
export function placeOf({ urn, props, provider }: Placed): Place {
  const region = regionIn(props) ?? (provider === undefined ? undefined : regionIn(provider.props));
  return { stack: stackOf(urn), urn, ...(region === undefined ? {} : { region }) };
}

/** The stack that a URN names, or an empty text. */
export function stackOf(urn: string): string {
  return /^urn:pulumi:([^:]*)::/.exec(urn)?.[1] ?? "";
}

/** A region that is unknown at preview is none: no waiver by region covers it. */
function regionIn(props: Readonly<Record<string, unknown>>): string | undefined {
  try {
    return typeof props.region === "string" ? props.region : undefined;
  } catch (cause) {
    if (cause instanceof UnknownValueError) return undefined;
    throw cause;
  }
}
