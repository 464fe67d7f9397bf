const charactersMin = 20;
const wordsMin = 4;

/** Words that hold a place until somebody thinks of a reason. */
const placeholder =
  /^\W*(?:to ?-?do|tbd|tba|fix ?-?me|xxx+|wip|n\/?a|none|nothing|no reason|because|whatever|later|temp(?:orary|orarily)?|ignored?|waived?|accepted|ok(?:ay)?|known(?: issue)?|lorem ipsum|asdf\w*|foo|test(?:ing)?|\?+|\.+)\b\W*/i;

/** What is wrong with a reason, or undefined when another person could judge it. */
export function reasonProblem(reason: string): string | undefined {
  const text = reason.trim();
  if (text === "") return "no reason";
  const held = placeholder.exec(text)?.[0].trim();
  // A placeholder with a sentence behind it still has a reason: what is left is judged.
  const rest = held === undefined ? text : text.slice(held.length).trim();
  const words = new Set((rest.toLowerCase().match(/\p{L}{2,}/gu) ?? []) as readonly string[]);
  if (rest.length < charactersMin || words.size < wordsMin)
    return `${JSON.stringify(text)}: a reason has at least ${charactersMin} characters and ${wordsMin} different words`;
  return undefined;
}
