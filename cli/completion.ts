import type { Command, Option } from "commander";
import { regions, supportedRegions } from "../contract/regions";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** What may stand where: one of some words, a file, a folder, or anything. */
type Values = readonly string[] | "file" | "folder" | "any";

interface OptionTree {
  readonly flags: readonly string[];
  /** Absent: the option takes no value. */
  readonly values?: Values;
  readonly description: string;
}

interface CommandTree {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionTree[];
  readonly argument: Values;
}

const stackNames = ["dev", "prod"];

/** The completion script of a shell, from the parser's own commands and options: pressing Tab starts no program. */
export function completionScript(program: Command, shell: Shell): string {
  const tree = program
    .createHelp()
    .visibleCommands(program)
    .filter(({ commands }) => commands.length === 0)
    .map(treeOf);
  return { bash, zsh, fish }[shell](tree);
}

function treeOf(command: Command): CommandTree {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: firstSentence(command.description()),
    options: help.visibleOptions(command).map(optionOf),
    argument:
      argument === undefined ? "any" : (argument.argChoices ?? valuesNamed(argument.name(), argument.description)),
  };
}

function optionOf(option: Option): OptionTree {
  const flags = [option.short, option.long].filter((flag): flag is string => flag !== undefined && flag !== null);
  const description = firstSentence(option.description);
  if (!option.required && !option.optional) return { flags, description };
  const [, placeholder = ""] = /[<[]([^.\]>]+)/.exec(option.flags) ?? [];
  return { flags, description, values: option.argChoices ?? valuesNamed(placeholder, option.long ?? "") };
}

function valuesNamed(placeholder: string, name: string): Values {
  if (name === "--stack") return [...stackNames, ...supportedRegions];
  if (placeholder === "code") return regions.map(({ code }) => code);
  if (placeholder === "folder") return "folder";
  return ["file", "payload", "source"].includes(placeholder) ? "file" : "any";
}

/** Short enough for a menu, and without what a shell would take for its own. */
function firstSentence(text: string): string {
  return (text.split(/[.:] |[.(]/)[0] ?? "").replace(/[`'"\\[\]$]/g, "").trim();
}

function bash(tree: readonly CommandTree[]): string {
  const words = (values: Values | undefined): string => {
    if (values === "file") return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current"))`;
    if (values === "folder") return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$current"))`;
    return values === undefined || values === "any"
      ? ":"
      : `COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$current"))`;
  };
  const cases = tree.map(({ name, options, argument }) => {
    const valued = options
      .filter(({ values }) => values !== undefined)
      .map(({ flags, values }) => `        ${flags.join("|")}) ${words(values)}; return ;;`);
    return [
      `    ${name})`,
      '      case "$previous" in',
      ...valued,
      "      esac",
      '      if [[ "$current" == -* ]]; then',
      `        COMPREPLY=($(compgen -W "${options.flatMap(({ flags }) => flags).join(" ")}" -- "$current"))`,
      `      else ${words(argument)}`,
      "      fi ;;",
    ].join("\n");
  });
  return `# bash completion for fleet; load it with: source <(fleet completion bash)
_fleet() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" IFS=$' \\n'
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${tree.map(({ name }) => name).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -F _fleet fleet
`;
}

function zsh(tree: readonly CommandTree[]): string {
  const action = (values: Values): string => {
    if (values === "file") return "_files";
    if (values === "folder") return "_files -/";
    return values === "any" ? "" : `(${values.join(" ")})`;
  };
  const quoted = (text: string): string => text.replaceAll(":", "\\:");
  const cases = tree.map(({ name, options, argument }) => {
    const specs = options.flatMap(({ flags, values, description }) =>
      flags.map(
        (flag) => `'*${flag}[${quoted(description)}]${values === undefined ? "" : `:value:${action(values)}`}'`,
      ),
    );
    return `        ${name}) _arguments ${[...specs, `'*:argument:${action(argument)}'`].join(" ")} ;;`;
  });
  return `#compdef fleet
# zsh completion for fleet; load it with: source <(fleet completion zsh)
_fleet() {
  local state
  _arguments '1:command:->command' '*::rest:->rest'
  case $state in
    command)
      local -a commands=(${tree.map(({ name, description }) => `'${name}:${quoted(description)}'`).join(" ")})
      _describe command commands ;;
    rest)
      case $words[1] in
${cases.join("\n")}
      esac ;;
  esac
}
compdef _fleet fleet
`;
}

function fish(tree: readonly CommandTree[]): string {
  const lines = tree.flatMap(({ name, description, options, argument }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c fleet -n __fish_use_subcommand -a ${name} -d '${description}'`,
      ...options.map(({ flags, values, description: what }) => {
        const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        const taken =
          values === undefined ? "" : values === "file" || values === "folder" ? " -r -F" : valuesOf(values);
        return `complete -c fleet ${within} ${names.join(" ")}${taken} -d '${what}'`;
      }),
      ...(argument === "file" || argument === "folder"
        ? [`complete -c fleet ${within} -F`]
        : argument === "any"
          ? []
          : [`complete -c fleet ${within} -a '${argument.join(" ")}'`]),
    ];
  });
  return `# fish completion for fleet; load it with: fleet completion fish | source
complete -c fleet -f
${lines.join("\n")}
`;
}

function valuesOf(values: Values): string {
  return typeof values === "string" ? " -x" : ` -x -a '${values.join(" ")}'`;
}
