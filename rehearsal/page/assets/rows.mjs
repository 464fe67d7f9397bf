/** The rows of the page's tables. */
import { fill, html, keep, shape, svg } from "./elements.mjs";
import { count, duration, instancesWords, timeOfDay } from "./words.mjs";

/** Brings a table's body in step with a list; an empty one says so. */
export function rows(id, items, keyed, make, empty) {
  const body = document.getElementById(id);
  const isEmpty = items.length === 0;
  if (isEmpty !== (body.firstElementChild?.classList.contains("empty") ?? false)) fill(body);
  if (!isEmpty) keep(body, items, keyed, make);
  else if (body.firstElementChild === null)
    fill(body, html("tr", { class: "empty" }, html("td", { colspan: 9 }, empty)));
}

/** An endpoint: a button that picks it, and how it is. */
export function endpointRow(each, act) {
  const {
    region,
    endpointName,
    activity,
    status,
    instanceType,
    min,
    max,
    backlog,
    inFlight,
    oldestAgeSeconds,
    problems,
    watchAlarms,
    scalingAlarms,
    isChosen,
  } = each;
  const bounds = min === undefined ? "does not scale" : `of ${min} to ${max}`;
  return html(
    "tr",
    { class: "endpoint", "aria-current": String(isChosen) },
    html(
      "td",
      {},
      html(
        "button",
        { type: "button", "aria-pressed": String(isChosen), onclick: () => act.chooseEndpoint(each) },
        html("span", { class: "name" }, region),
        html("span", { class: "small ellipsis", title: endpointName }, endpointName),
      ),
    ),
    html("td", { class: "word" }, shape(activity), " ", activity, html("div", { class: "small" }, status)),
    html("td", { class: "number" }, instancesWords(each), html("div", { class: "small" }, bounds)),
    html("td", { class: "word spare" }, instanceType ?? "–"),
    html(
      "td",
      { class: "number" },
      count(backlog),
      html("div", { class: "small" }, inFlight > 0 ? `${count(inFlight)} running` : ""),
    ),
    html("td", { class: "number" }, oldestAgeSeconds > 0 ? duration(Math.floor(oldestAgeSeconds)) : "–"),
    html(
      "td",
      { class: "number" },
      problems > 0 && shape("problem"),
      watchAlarms > 0 ? ` ${watchAlarms}` : "–",
      html("div", { class: "small" }, scalingAlarms > 0 && `${scalingAlarms} scaling`),
    ),
  );
}

/** An alarm in ALARM, and whether it calls people or scaling policies. */
export function alarmRow({ alarmName, region, purpose, since, reason }, now) {
  return html(
    "tr",
    {},
    html("td", {}, purpose === "watch" ? shape("problem") : shape("waking"), " ", alarmName),
    html("td", { class: "word" }, region),
    html("td", { class: "word" }, purpose === "watch" ? "people" : "scaling"),
    html("td", { class: "time" }, timeOfDay(since, now)),
    html("td", { class: "why" }, reason),
  );
}

/** A request, with the shares of its time against those of the longest that is shown. */
export function requestRow(each, now) {
  const {
    region,
    endpointName,
    inferenceId,
    outcome,
    acceptedAt,
    waitedSeconds = 0,
    workedSeconds,
    totalSeconds = 0,
    reason,
    longest,
  } = each;
  const wide = (seconds) => Math.max(0, (seconds / longest) * 100);
  return html(
    "tr",
    {},
    html("td", { class: "time" }, acceptedAt === undefined ? "–" : timeOfDay(acceptedAt, now)),
    html("td", {}, region, html("div", { class: "small ellipsis", title: endpointName }, endpointName)),
    html(
      "td",
      {},
      html("span", { class: "id" }, inferenceId),
      reason === undefined ? undefined : html("div", { class: "small" }, reason),
    ),
    html("td", { class: "word" }, shape(outcome), " ", outcome),
    html("td", { class: "number" }, duration(waitedSeconds)),
    html("td", { class: "number" }, workedSeconds === undefined ? "–" : duration(workedSeconds)),
    html("td", { class: "number" }, duration(totalSeconds)),
    html(
      "td",
      {},
      svg(
        "svg",
        { class: "bar", viewBox: "0 0 100 7", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { class: "waited", x: 0, y: 0, width: wide(waitedSeconds), height: 7 }),
        svg("rect", {
          class: "worked",
          x: wide(waitedSeconds),
          y: 0,
          width: workedSeconds === undefined ? 0 : Math.max(1, wide(workedSeconds)),
          height: 7,
        }),
      ),
    ),
  );
}
