/** Instances and backlog of one endpoint over virtual time: geometry as functions, drawn as SVG. */
import { svg } from "./elements.mjs";
import { count, plural } from "./words.mjs";

/** Below it the moments would run into each other. */
const widthMin = 260;
/** Between two moments on the axis. */
const tickWidth = 85;
const left = 44;
const right = 22;
const panels = { instances: { top: 26, height: 118 }, backlog: { top: 182, height: 96 } };
const bottom = panels.backlog.top + panels.backlog.height;
const height = bottom + 40;

/** Round values from 0 to at least `highest`, about four of them: 1, 2 or 5 times a power of ten apart. */
export function valueTicks(highest) {
  const most = Math.max(1, highest);
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = Math.max(1, [1, 2, 5, 10].map((each) => each * power).find((each) => most / each <= 4.01) ?? 1);
  const ticks = [];
  for (let value = 0; value < most + step; value += step) ticks.push(value);
  return ticks;
}

const minuteMs = 60_000;
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14_400].map(
  (each) => each * minuteMs,
);

/** Round moments within a stretch of time, at most `most` of them. */
export function timeTicks(fromMs, toMs, most = 7) {
  const stepMs = timeSteps.find((each) => (toMs - fromMs) / each <= most) ?? Math.ceil((toMs - fromMs) / most);
  const ticks = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

/** Each value holds until the next: a path of steps up to `toMs`, through points as `x` and `y` place them. */
export function stepPath(steps, fromMs, toMs, x, y) {
  if (steps.length === 0) return "";
  let path = "";
  let value = steps[0][1];
  for (const [atMs, next] of steps) {
    const at = round(x(Math.max(atMs, fromMs)));
    path += path === "" ? `M${at} ${round(y(next))}` : `H${at}V${round(y(next))}`;
    value = next;
  }
  return `${path}H${round(x(toMs))}V${round(y(value))}`;
}

/** The stretch of time to show: from the first that is known to now, at least ten minutes. */
export function stretchOf({ desired, inService, backlog, nowMs }) {
  const first = Math.min(nowMs, ...[desired, inService, backlog].map((steps) => steps[0]?.[0] ?? nowMs));
  return { fromMs: Math.min(first, nowMs - 10 * minuteMs), toMs: nowMs };
}

/** What the chart shows, for whoever cannot see it. */
export function chartWords({ endpointName, inService, backlog, scaling }) {
  const highest = (steps) => Math.max(0, ...steps.map(([, value]) => value));
  const now = (steps) => steps.at(-1)?.[1] ?? 0;
  return [
    `${endpointName} over virtual time:`,
    `${plural(now(inService), "instance")} in service now, ${highest(inService)} at most;`,
    `${plural(now(backlog), "request")} queued or running now, ${count(highest(backlog))} at most;`,
    `scaled ${plural(scaling.length, "time")}.`,
  ].join(" ");
}

/** Draws the chart, as wide as there is room. */
export function chart(history, room) {
  const width = Math.max(widthMin, Math.floor(room));
  const { fromMs, toMs } = stretchOf(history);
  const x = (atMs) => left + ((atMs - fromMs) / (toMs - fromMs)) * (width - left - right);
  const box = svg("svg", { width, height, role: "img", "aria-label": chartWords(history) });
  const ticks = timeTicks(fromMs, toMs, Math.max(2, Math.floor((width - left - right) / tickWidth)));
  for (const atMs of ticks) {
    box.append(
      svg("line", { class: "grid", x1: round(x(atMs)), x2: round(x(atMs)), y1: panels.instances.top, y2: bottom }),
      svg("text", { x: round(x(atMs)), y: bottom + 17, "text-anchor": "middle" }, clockTime(atMs, ticks)),
    );
  }
  box.append(svg("text", { x: width - right, y: bottom + 34, "text-anchor": "end" }, "virtual time, UTC"));
  panel(box, width, panels.instances, "Instances", [...history.inService, ...history.desired], (y) => {
    const steps = (series) => stepPath(series, fromMs, toMs, x, y);
    return [
      area("area-in-service", steps(history.inService), history.inService, fromMs, x, y),
      svg("path", { class: "line-desired", d: steps(history.desired) }),
      svg("path", { class: "line-in-service", d: steps(history.inService) }),
    ];
  });
  panel(box, width, panels.backlog, "Requests queued or running", history.backlog, (y) => {
    const path = stepPath(history.backlog, fromMs, toMs, x, y);
    return [area("area-backlog", path, history.backlog, fromMs, x, y), svg("path", { class: "line-backlog", d: path })];
  });
  for (const activity of history.scaling) box.append(...mark(activity, x(Math.max(activity.atMs, fromMs))));
  return box;
}

function panel(box, width, { top, height: tall }, title, steps, lines) {
  const ticks = valueTicks(Math.max(0, ...steps.map(([, value]) => value)));
  const highest = ticks.at(-1);
  const y = (value) => top + tall - (value / highest) * tall;
  box.append(svg("text", { class: "title", x: left, y: top - 11 }, title));
  for (const value of ticks)
    box.append(
      svg("line", { class: "grid", x1: left, x2: width - right, y1: round(y(value)), y2: round(y(value)) }),
      svg("text", { x: left - 8, y: round(y(value)) + 4, "text-anchor": "end" }, count(value)),
    );
  box.append(...lines(y));
}

function area(name, path, steps, fromMs, x, y) {
  if (path === "") return svg("path", { class: name });
  return svg("path", { class: name, d: `${path}V${round(y(0))}H${round(x(Math.max(steps[0][0], fromMs)))}Z` });
}

/** A scaling activity: a triangle that points where the number of instances went, with its cause. */
function mark({ atMs, from, to, cause }, at) {
  const { top } = panels.instances;
  const up = to > from;
  const points = up ? [at - 5, top, at + 5, top, at, top - 9] : [at - 5, top - 9, at + 5, top - 9, at, top];
  const when = new Date(atMs).toISOString().slice(11, 19);
  return [
    svg("line", { class: "scale-line", x1: round(at), x2: round(at), y1: top, y2: top + panels.instances.height }),
    svg(
      "polygon",
      { class: "scale-mark", points: points.map(round).join(" ") },
      svg("title", {}, `${when} ${from} → ${to} instances: ${cause}`),
    ),
  ];
}

/** With the day, where the moments are of more than one. */
function clockTime(atMs, ticks) {
  const iso = new Date(atMs).toISOString();
  const isLong = new Set(ticks.map((each) => new Date(each).toISOString().slice(0, 10))).size > 1;
  return isLong && iso.slice(11, 16) === "00:00" ? iso.slice(5, 10) : iso.slice(11, 16);
}

function round(value) {
  return Math.round(value * 10) / 10;
}
