/** Who may import whom, by top-level folder. ARCHITECTURE.md shows the same table; a test holds the two together. */
export interface ImportRule {
  readonly folder: string;
  /** Folders of ours it may import at run time, beside itself. */
  readonly ours: readonly string[];
  /** Packages it may import: exact names, or a scope with a trailing `/*`. `node:` modules are listed as `node:*`. */
  readonly packages: readonly string[];
  /** What a person who trips over the rule should know. */
  readonly because: string;
}

export const importRules: readonly ImportRule[] = [
  {
    folder: "contract",
    ours: [],
    packages: ["zod", "node:crypto"],
    because: "Both halves agree on it, so it knows neither Pulumi nor AWS clients nor a clock nor a disk.",
  },
  {
    folder: "components",
    ours: ["contract"],
    packages: ["@pulumi/*", "@aws-sdk/client-sagemaker", "node:*"],
    because: "A component knows no stack and no other program's settings.",
  },
  {
    folder: "stacks",
    ours: ["components", "contract"],
    packages: ["@pulumi/*", "node:*", "yaml"],
    because: "Stack configuration is read here and nowhere else.",
  },
  {
    folder: "policies",
    ours: ["contract"],
    packages: ["@pulumi/*", "@grpc/grpc-js", "ajv", "yaml", "node:*"],
    because:
      "A check that shares the program's code shares its mistakes: only limits, metrics, tags and regions are common.",
  },
  {
    folder: "client",
    ours: ["contract"],
    packages: ["@aws-sdk/*", "@smithy/*", "mime-types", "proper-lockfile", "proxy-agent", "tinyglobby", "node:*"],
    because: "A caller meets the fleet through its manifest and AWS's own interfaces.",
  },
  {
    folder: "preflight",
    ours: ["client", "contract"],
    packages: ["@aws-sdk/*", "node:*"],
    because: "It asks an account about what a program would register, and is told that as plain data.",
  },
  {
    folder: "rehearsal",
    ours: ["contract"],
    packages: [
      "@aws-sdk/*",
      "@smithy/*",
      "@grpc/grpc-js",
      "@pulumi/*",
      "google-protobuf",
      "proper-lockfile",
      "semver",
      "fast-xml-parser",
      "jsep",
      "yaml",
      "zod",
      "node:*",
    ],
    because: "It plays AWS: the client and the components meet it over the wire and through the engine.",
  },
  {
    folder: "check",
    ours: ["contract", "stacks", "policies"],
    packages: ["@pulumi/*", "@grpc/grpc-js", "google-protobuf", "yaml", "fast-xml-parser", "node:*"],
    because: "It records the program and asks the pack, without an engine.",
  },
  {
    folder: "examples",
    ours: [],
    packages: ["node:*", "mnist", "@aws-sdk/client-s3", "@pulumi/*", "async-fleet"],
    because: "An example is a whole small program that never imports another and meets the product as its users do.",
  },
  {
    folder: "cli",
    ours: ["check", "client", "contract", "examples", "preflight", "rehearsal", "stacks"],
    packages: [
      "commander",
      "cli-progress",
      "cli-table3",
      "asciichart",
      "mime-types",
      "picocolors",
      "yaml",
      "@aws-sdk/*",
      "@pulumi/*",
      "node:*",
    ],
    because: "The outermost layer: argv in, one call, text and an exit code out.",
  },
  {
    folder: "bench",
    ours: ["check", "cli", "client", "contract", "rehearsal", "stacks"],
    packages: ["@aws-sdk/*", "@pulumi/*", "node:*"],
    because: "It measures the product through the doors its users have.",
  },
];
