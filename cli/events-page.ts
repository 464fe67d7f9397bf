import { formatVersion } from "../rehearsal/page/event-lines";
import {
  alarmFields,
  commonFields,
  endpointFields,
  eventKinds,
  historyFields,
  lineKinds,
  regionFields,
  requestFields,
  scalingFields,
  stateFields,
} from "../rehearsal/page/fields";
import { pagePath } from "../rehearsal/page/path";

/** docs/EVENTS.md, printed from the tables that the compiler holds to the shapes. */
export function eventsPage(): string {
  return `# What a rehearsal tells machines

Printed from the tables in \`rehearsal/page/fields.ts\` by \`npm run docs\`. Format ${formatVersion}. Times are virtual, the rehearsal's own,
unless a name says wall. Names and meanings stay while \`format\` does; fields and kinds may be added.

- [Lines of JSON](#lines-of-json) · [Kinds of events](#kinds-of-events) · [Over HTTP](#over-http) · [state.json](#statejson) · [history.json](#historyjson)

## Lines of JSON

\`npx fleet serve --json\` writes one JSON object a line to standard output, nothing else; what goes on meanwhile is on
standard error. A reader who is slow is waited for, without holding up the rehearsal; who falls behind by more than is kept
(200,000 events; at the end the newest 5,000) reads how many he has missed. A call that was wrong is told as by every command: exit code 2 and one
document \`{"problems": [...]}\`.

\`\`\`sh
npx fleet serve --deploy dev --json | jq -c 'select(.kind == "scaling") | [.time, .region, .from, .to, .cause]'
\`\`\`

Beside the events there are these lines:

${kinds(lineKinds)}

## Kinds of events

Every event has:

${table(commonFields)}

${kinds(eventKinds)}

## Over HTTP

Below \`http://127.0.0.1:PORT${pagePath}\` lies the status page, with the data it shows; \`rehearse\` and programs that start a
rehearsal serve it too. A bucket cannot have that name. It is only read (\`GET\`, \`HEAD\`), only from this machine, and by no
page of another origin. Reading never holds or moves the virtual clock.

| path | what |
| --- | --- |
| \`${pagePath}\` | the page; a browser that opens \`/\` is sent here |
| \`${pagePath}state.json\` | the world now |
| \`${pagePath}history.json?region=R&endpoint=NAME\` | one endpoint over virtual time; \`&account=\` where it is another than the rehearsal's |
| \`${pagePath}events\` | Server-Sent Events: each event above as a \`message\` whose id is \`RUN-NUMBER\`, so that \`Last-Event-ID\` goes on where a connection broke off; \`?after=NUMBER\` begins after an event, without it the events from now on. Beside them \`hello\` (\`format\`, \`run\`, \`newestEvent\`) at the beginning, \`clock\` (\`time\`, \`wallTime\`) each second, and \`missed\` (\`count\`) for a reader more than 2,000 events behind. At most 32 at once; one that takes nothing for 30 seconds is dropped |

## state.json

${table(stateFields)}

### A region

${table(regionFields)}

### An endpoint

${table(endpointFields)}

### An alarm

${table(alarmFields)}

### A request

${table(requestFields)}

## history.json

Each step holds until the next. Where there are very many, those are left out that a chart could not show.

${table(historyFields)}

A scaling activity has:

${table(scalingFields)}
`;
}

function kinds(all: Readonly<Record<string, { readonly when: string; readonly fields: Fields }>>): string {
  return Object.entries(all)
    .map(([kind, { when, fields }]) => `### ${kind}\n\n${when}\n\n${table(fields)}`)
    .join("\n\n");
}

type Fields = Readonly<Record<string, string>>;

function table(fields: Fields): string {
  const rows = Object.entries(fields).map(([name, told]) => {
    const text = told.replace(/^Optional: (.)/, (_, first: string) => first.toUpperCase());
    return `| \`${name}\` | ${told === text ? "always" : "optional"} | ${text} |`;
  });
  return ["| field | there | what |", "| --- | --- | --- |", ...rows].join("\n");
}
