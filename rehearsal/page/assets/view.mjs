/** Draws what is known into the page's sections. */
import { chart } from "./chart.mjs";
import { fill, html, keep, say, shape } from "./elements.mjs";
import { alarmRow, endpointRow, requestRow, rows } from "./rows.mjs";
import {
  activities,
  byGeography,
  count,
  dayAndTime,
  doing,
  meanings,
  plural,
  problemsOf,
  sentence,
  summary,
  timeOfDay,
} from "./words.mjs";

const at = (id) => document.getElementById(id);
const keyOf = ({ account, region, endpointName }) => `${account}/${region}/${endpointName}`;

/** What never changes: the legend, and how to begin. */
export function drawFrame() {
  fill(
    at("legend"),
    ...activities.map((each) => html("li", { title: meanings[each] }, shape(each), each)),
    html("li", {}, shape("problem"), "needs a look"),
  );
  const ways = [
    ["A stack of this project, without an engine:", `npx fleet serve --port ${location.port} --deploy dev`],
    [
      "Any AWS SDK or the AWS CLI:",
      `AWS_ENDPOINT_URL=${location.origin} AWS_ACCESS_KEY_ID=rehearsal AWS_SECRET_ACCESS_KEY=rehearsal AWS_REGION=eu-west-1 aws sagemaker list-endpoints`,
    ],
  ];
  fill(
    at("ways"),
    ...ways.map(([what, command]) => html("li", {}, html("span", {}, what), html("code", { tabindex: 0 }, command))),
  );
}

export function drawClock({ time, wallTime, speed }) {
  say(at("virtual-time"), dayAndTime(time));
  say(at("wall-time"), dayAndTime(wallTime).slice(11));
  say(at("speed"), speed);
}

export function drawConnection(state, word) {
  at("connection").dataset.state = state;
  say(at("connection"), word);
}

/** Everything that comes of the state; `chosen` tells the region and the endpoint somebody picked. */
export function drawState(state, chosen, act) {
  const isHere = ({ region }) => chosen.region === undefined || region === chosen.region;
  say(at("summary"), summary(state));
  document.title = titleOf(state);
  const problems = problemsOf(state);
  keep(
    at("problems"),
    problems.slice(0, 6),
    ({ key }) => key,
    (problem) =>
      html(
        "li",
        {},
        html(
          "button",
          { type: "button", onclick: () => act.chooseProblem(problem) },
          shape("problem"),
          html("strong", {}, problem.region),
          html("span", { class: "what" }, problem.what),
        ),
      ),
  );
  drawMap(state, chosen, act);
  at("beginning").hidden = state.endpoints.length > 0;
  at("fleet").hidden = state.endpoints.length === 0;
  at("all-regions").hidden = chosen.region === undefined;
  say(at("endpoints-title"), chosen.region === undefined ? "Endpoints" : `Endpoints in ${chosen.region}`);
  const troubledFirst = (one, other) => Math.min(1, other.problems) - Math.min(1, one.problems);
  const shown = state.endpoints
    .filter(isHere)
    .sort(troubledFirst)
    .map((each) => ({ ...each, isChosen: keyOf(each) === chosen.endpoint }));
  rows("endpoint-rows", shown, keyOf, (each) => endpointRow(each, act), "No endpoint is in this region.");
  drawAlarms(state, state.alarms.filter(isHere), chosen);
  const requests = state.requests.filter(isHere);
  const longest = Math.max(0.001, ...requests.map(({ totalSeconds = 0 }) => totalSeconds));
  at("requests").hidden = state.endpoints.length === 0 && requests.length === 0;
  rows(
    "request-rows",
    requests.map((each) => ({ ...each, longest, day: state.time.slice(0, 10) })),
    (each) => `${keyOf(each)}/${each.inferenceId}`,
    (each) => requestRow(each, state.time),
    "No request yet.",
  );
}

/** Those that call people; those that scale are many and no cause for worry, so they are shown when asked for. */
function drawAlarms({ alarms, time }, here, { showsScaling }) {
  at("alarms").hidden = alarms.length === 0;
  const scaling = here.filter(({ purpose }) => purpose === "scaling");
  const watching = here.filter(({ purpose }) => purpose === "watch");
  say(at("scaling-alarms-label"), `with the ${count(scaling.length)} that only scale`);
  rows(
    "alarm-rows",
    showsScaling ? [...watching, ...scaling] : watching,
    ({ account, region, alarmName }) => `${account}/${region}/${alarmName}`,
    (each) => alarmRow(each, time),
    "None that calls for people.",
  );
}

function titleOf(state) {
  const problems = state.regions.reduce((sum, each) => sum + each.problems, 0);
  return problems > 0 ? `(${problems}) Rehearsal` : "Rehearsal";
}

function drawMap(state, chosen, act) {
  keep(
    at("map"),
    byGeography(state.regions).map(({ name, regions }) => ({ name, codes: regions.map(({ region }) => region) })),
    ({ name, codes }) => `${name} ${codes.length}`,
    ({ name }) =>
      html("div", { class: "geography" }, html("h3", {}, name), html("ul", { class: "tiles", "aria-label": name })),
  );
  for (const { name, regions } of byGeography(state.regions)) {
    const tiles = [...at("map").children].find(
      (each) => each.dataset.key === `${name} ${regions.length}`,
    )?.lastElementChild;
    keep(
      tiles,
      regions.map((each) => ({ ...each, isChosen: each.region === chosen.region })),
      ({ region }) => region,
      (each) => tile(each, act),
    );
  }
}

function tile(each, act) {
  const { region, name, activity, problems, isChosen } = each;
  return html(
    "li",
    {},
    html(
      "button",
      {
        type: "button",
        class: "tile",
        "data-region": region,
        "data-activity": activity,
        "aria-pressed": String(isChosen),
        title: `${name}: ${meanings[activity]}`,
        onclick: () => act.chooseRegion(region),
      },
      shape(activity),
      html("span", { class: "code" }, region),
      html("span", { class: "doing" }, doing(each)),
      problems > 0 && shape("problem"),
      problems > 0 && html("span", { class: "unseen" }, plural(problems, "problem")),
    ),
  );
}

/** The chosen endpoint over time, with its scaling activities as a table too. */
export function drawHistory(history, endpoint) {
  say(at("chart-title"), `${history.endpointName} over time`);
  say(at("chart-facts"), `${history.region} · ${endpoint?.variantName ?? ""}`);
  fill(at("chart-body"), chart(history, at("chart-body").clientWidth));
  const now = new Date(history.nowMs).toISOString();
  rows(
    "scaling-rows",
    [...history.scaling].reverse(),
    ({ atMs, from, to }) => `${atMs}/${from}/${to}`,
    ({ atMs, from, to, cause }) =>
      html(
        "tr",
        {},
        html("td", { class: "time" }, timeOfDay(new Date(atMs).toISOString(), now)),
        html("td", { class: "number" }, `${from} → ${to}`),
        html("td", { class: "why" }, cause),
      ),
    "None yet.",
  );
}

export function drawNoHistory(word) {
  say(at("chart-title"), "Over time");
  say(at("chart-facts"), "");
  fill(at("chart-body"), html("p", {}, word));
  rows("scaling-rows", [], String, String, "None.");
}

/** The newest events first; `note` tells how many there are besides. */
export function drawEvents(events, note, now) {
  rows(
    "event-rows",
    events.map((event) => ({ ...event, day: now.slice(0, 10) })),
    ({ key }) => key,
    (event) =>
      html(
        "tr",
        {},
        html("td", { class: "time" }, event.time === undefined ? "" : timeOfDay(event.time, now)),
        html("td", { class: "word" }, event.region ?? ""),
        html("td", { class: "word" }, event.kind),
        html("td", { class: "why" }, sentence(event)),
      ),
    "No event that fits.",
  );
  say(at("event-note"), note);
}

/** Offers a kind to filter by, once. */
export function offerKind(kind) {
  const select = at("filter-kind");
  if ([...select.options].some(({ value }) => value === kind)) return;
  select.append(html("option", { value: kind }, kind));
}
