/** The status page: asks for the state, follows the events, and draws both. Nothing of it moves the world's clock. */
import {
  drawClock,
  drawConnection,
  drawEvents,
  drawFrame,
  drawHistory,
  drawNoHistory,
  drawState,
  offerKind,
} from "./view.mjs";
import { count, isShown, speedOf, speedWords } from "./words.mjs";

const at = (id) => document.getElementById(id);
const keyOf = ({ account, region, endpointName }) => `${account}/${region}/${endpointName}`;
/** Events kept for the log, and how many of them are drawn. */
const eventsKept = 2000;
const eventsDrawn = 150;
const samplesKept = 6;
/** Wall time between two looks at the state: soon after something happened, and now and then when nothing does. */
const soonMs = 300;
const seldomMs = 5000;

let state;
let run;
let newestEvent = 0;
let events = [];
let samples = [];
let stream;
let isPaused = false;
const chosen = { region: undefined, endpoint: undefined, showsScaling: false };
const filter = { kind: "", text: "" };
const timers = {};
const tookMs = {};

/** Runs `work` once within `ms`, however often it is asked for; the soonest wish counts. */
function within(name, ms, work) {
  const dueMs = performance.now() + ms;
  if (timers[name] !== undefined && timers[name].dueMs <= dueMs) return;
  clearTimeout(timers[name]?.id);
  const id = setTimeout(() => {
    timers[name] = undefined;
    void work();
  }, ms);
  timers[name] = { dueMs, id };
}

/** Soon, but so that a long answer is not asked for more than a tenth of the time. */
function soon(name, work) {
  within(name, Math.max(soonMs, 10 * (tookMs[name] ?? 0)), async () => {
    const beganMs = performance.now();
    await work();
    tookMs[name] = performance.now() - beganMs;
  });
}

async function ask(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function refresh() {
  try {
    state = await ask("state.json");
  } catch {
    return lost();
  }
  if (run !== state.run) restart();
  if (!state.endpoints.some((each) => keyOf(each) === chosen.endpoint)) {
    const first =
      state.endpoints.find(({ problems }) => problems > 0) ?? state.endpoints.find(({ running }) => running > 0);
    const next = first ?? state.endpoints[0];
    chosen.endpoint = next === undefined ? undefined : keyOf(next);
    within("history", 0, refreshHistory);
  }
  draw();
}

async function refreshHistory() {
  const endpoint = state?.endpoints.find((each) => keyOf(each) === chosen.endpoint);
  if (endpoint === undefined) return drawNoHistory("No endpoint is chosen.");
  const { account, region, endpointName } = endpoint;
  try {
    const query = new URLSearchParams({ account, region, endpoint: endpointName });
    const history = await ask(`history.json?${query}`);
    if (keyOf(endpoint) === chosen.endpoint) drawHistory(history, endpoint);
  } catch {
    drawNoHistory("The endpoint is gone.");
  }
}

/** Another process answers now: its events begin anew. */
function restart() {
  run = state.run;
  newestEvent = Math.max(0, state.newestEvent - eventsDrawn);
  events = [];
  samples = [];
  connect();
}

function connect() {
  stream?.close();
  if (isPaused || document.hidden) return;
  stream = new EventSource(`events?after=${newestEvent}`);
  stream.addEventListener("open", () => {
    drawConnection("live", "live");
    within("state", 0, refresh);
  });
  stream.addEventListener("error", lost);
  stream.addEventListener("hello", ({ data }) => {
    if (JSON.parse(data).run !== run) within("state", 0, refresh);
  });
  stream.addEventListener("clock", ({ data }) => tick(JSON.parse(data)));
  stream.addEventListener("missed", ({ data }) => heard(JSON.parse(data)));
  stream.addEventListener("message", ({ data }) => heard(JSON.parse(data)));
}

function lost() {
  if (!isPaused) drawConnection("lost", "no answer");
  within("state", seldomMs, refresh);
}

function tick({ time, wallTime }) {
  samples = [...samples, { virtualMs: Date.parse(time), wallMs: Date.parse(wallTime) }].slice(-samplesKept);
  drawClock({ time, wallTime, speed: speedWords(speedOf(samples)) });
  within("state", seldomMs, refresh);
  within("history", seldomMs, refreshHistory);
}

function heard(event) {
  newestEvent = event.number ?? newestEvent;
  events.push({ ...event, key: event.number === undefined ? `missed after ${newestEvent}` : String(event.number) });
  if (events.length > eventsKept) events.splice(0, eventsKept / 4);
  offerKind(event.kind);
  within("events", 100, drawLog);
  soon("state", refresh);
  const [, region, name] = (chosen.endpoint ?? "").split("/");
  if (event.kind === "missed" || (event.region === region && JSON.stringify(event).includes(name)))
    soon("history", refreshHistory);
}

function drawLog() {
  const fitting = events.filter((event) => isShown(event, { ...filter, region: chosen.region }));
  const shown = fitting.slice(-eventsDrawn).reverse();
  const note = fitting.length > shown.length ? `The newest ${eventsDrawn} of ${count(fitting.length)} that fit.` : "";
  drawEvents(shown, note, state?.time ?? "");
}

function draw() {
  drawState(state, chosen, { chooseRegion, chooseEndpoint, chooseProblem });
  drawLog();
}

function chooseRegion(region) {
  chosen.region = chosen.region === region ? undefined : region;
  const first = state.endpoints.find((each) => each.region === chosen.region);
  if (first !== undefined) chooseEndpoint(first);
  else draw();
}

function chooseEndpoint(endpoint) {
  chosen.endpoint = keyOf(endpoint);
  draw();
  within("history", 0, refreshHistory);
}

function chooseProblem({ account, region, endpointName }) {
  chosen.region = region;
  const endpoint = state.endpoints.find(
    (each) =>
      each.region === region &&
      (each.endpointName === endpointName || endpointName === undefined) &&
      each.account === account,
  );
  if (endpoint !== undefined) chooseEndpoint(endpoint);
  else draw();
  at("endpoints").scrollIntoView({ block: "nearest" });
}

at("all-regions").onclick = () => {
  chosen.region = undefined;
  draw();
};
at("scaling-alarms").onchange = ({ target }) => {
  chosen.showsScaling = target.checked;
  draw();
};
at("pause").onclick = () => {
  isPaused = !isPaused;
  at("pause").setAttribute("aria-pressed", String(isPaused));
  at("pause").textContent = isPaused ? "Go on" : "Pause";
  sleepOrWake();
};
at("filter").onsubmit = (event) => event.preventDefault();
at("filter-kind").onchange = ({ target }) => {
  filter.kind = target.value;
  drawLog();
};
at("filter-text").oninput = ({ target }) => {
  filter.text = target.value;
  drawLog();
};
document.addEventListener("visibilitychange", sleepOrWake);
new ResizeObserver(() => soon("history", refreshHistory)).observe(at("chart-body"));

/** A page that nobody looks at asks for nothing. */
function sleepOrWake() {
  if (isPaused || document.hidden) {
    stream?.close();
    for (const name of Object.keys(timers)) {
      clearTimeout(timers[name]?.id);
      timers[name] = undefined;
    }
    drawConnection("paused", "paused");
  } else {
    samples = [];
    connect();
    within("state", 0, refresh);
  }
}

drawFrame();
within("state", 0, refresh);
