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
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.commands.length === 0);
  const names = commands.map((command) => command.name());
  return { bash, zsh, fish }[shell](commands.map((command) => treeOf(command, names)));
}

function treeOf(command: Command, names: readonly string[]): CommandTree {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: firstSentence(command.description()),
    options: help.visibleOptions(command).map(optionOf),
    argument:
      argument === undefined
        ? "any"
        : argument.name() === "command"
          ? names
          : (argument.argChoices ?? valuesNamed(argument.name(), argument.description)),
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

/** Short enough for a menu. */
function firstSentence(text: string): string {
  return (text.split(/[.:] |[.(]/)[0] ?? "").replace(/[`"\\[\]]/g, "").trim();
}

function bash(tree: readonly CommandTree[]): string {
  const words = (values: Values | undefined): string => {
    if (values === "file" || values === "folder") {
      // A name may hold spaces.
      return `IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -${values === "file" ? "f" : "d"} -- "$current"))`;
    }
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
  # --option=value comes as three words.
  if [[ "$current" == = ]]; then current=""
  elif [[ "$previous" == = ]]; then previous="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
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
  const quoted = (text: string): string => text.replaceAll(":", "\\:").replaceAll("'", "'\\''");
  const cases = tree.map(({ name, options, argument }) => {
    const specs = options.flatMap(({ flags, values, description }) =>
      flags.map(
        (flag) =>
          `'*${flag}${values !== undefined && flag.startsWith("--") ? "=" : ""}[${quoted(description)}]${values === undefined ? "" : `:value:${action(values)}`}'`,
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
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
# Read as a file of fpath it is the function itself, called for the first time.
if [[ "$funcstack[1]" == _fleet ]]; then _fleet "$@"; else compdef _fleet fleet; fi
`;
}

function fish(tree: readonly CommandTree[]): string {
  const quoted = (text: string): string => text.replaceAll("'", "\\'");
  const lines = tree.flatMap(({ name, description, options, argument }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c fleet -n __fish_use_subcommand -a ${name} -d '${quoted(description)}'`,
      ...options.map(({ flags, values, description: what }) => {
        const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
        const taken =
          values === undefined ? "" : values === "file" || values === "folder" ? " -r -F" : valuesOf(values);
        return `complete -c fleet ${within} ${names.join(" ")}${taken} -d '${quoted(what)}'`;
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
