/**
 * The members of InvokeEndpointAsync that are text, as SageMaker Runtime's service model has them (2017-05-13, read
 * 2026-10-01): longest length and pattern. Clients refuse a wrong one before anything is sent.
 */
export interface TextMember {
  readonly charactersMax: number;
  readonly pattern: RegExp;
  /** The pattern in words, for messages. */
  readonly says: string;
}

const headerText: TextMember = {
  charactersMax: 1024,
  pattern: /^[\x20-\x7e\t]*$/,
  says: "ASCII text of at most 1024 characters",
};

export const invocationMembers = {
  contentType: headerText,
  accept: headerText,
  customAttributes: headerText,
  inferenceId: {
    charactersMax: 64,
    pattern: /^[\x21-\x7e][\x20-\x7e]*$/,
    says: "1 to 64 printable characters, the first no space",
  },
  inputLocation: {
    charactersMax: 1024,
    pattern: /^(https|s3):\/\/([^/]+)\/?(.*)$/,
    says: "an s3:// or https:// location of at most 1024 characters",
  },
  outputPathExtension: {
    charactersMax: 512,
    pattern: /^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$/,
    says: "a key of letters, digits and !_.*'()/- of at most 512 characters, and no location",
  },
  filename: {
    charactersMax: 32,
    pattern: /^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_.]*$/,
    says: "1 to 32 letters, digits, - and _ with at most one dot, the first a letter or digit",
  },
} as const satisfies Record<string, TextMember>;
