/** The parts of an image's URI, e.g. of `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model:1`. */
export interface ImageUri {
  /** Empty where the URI names none. */
  readonly registry: string;
  /** The repository's name within its registry. */
  readonly path: string;
  /** `latest` where the URI names none. */
  readonly tag: string;
  /** `sha256:…` @default - none: the tag says which image it is */
  readonly digest?: string;
}

export function partsOf(uri: string): ImageUri {
  const [, named = "", digest] = /^(.*?)(?:@(sha256:[0-9a-f]+))?$/.exec(uri) ?? [];
  const [, whole = "", tag = "latest"] = /^(.*?)(?::([^:/]+))?$/.exec(named) ?? [];
  const slash = whole.indexOf("/");
  const first = slash < 0 ? "" : whole.slice(0, slash);
  const registry = /[.:]/.test(first) || first === "localhost" ? first : "";
  return {
    registry,
    path: registry === "" ? whole : whole.slice(slash + 1),
    tag,
    ...(digest === undefined ? {} : { digest }),
  };
}
