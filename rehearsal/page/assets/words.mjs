/** What the page says, as functions of data alone. */

/** Every state of a region or an endpoint, as it is named to people. */
export const activities = ["failed", "updating", "waking", "awake", "asleep", "nothing"];

/** What each state means, for whoever meets it for the first time. */
export const meanings = {
  failed: "an endpoint failed",
  updating: "an endpoint is created, moved or deleted",
  waking: "instances are on their way",
  awake: "instances are in service",
  asleep: "no instances, nothing paid",
  nothing: "no endpoint",
};

const geographies = [
  ["Americas", /^(us|ca|mx|sa)-/],
  ["Europe", /^eu-/],
  ["Middle East and Africa", /^(me|il|af)-/],
  ["Asia Pacific", /^ap-/],
  ["Elsewhere", /^/],
];

/** Regions by part of the world; parts without one are left out. */
export function byGeography(regions) {
  const left = [...regions];
  return geographies
    .map(([name, belongs]) => {
      const here = left.filter(({ region }) => belongs.test(region));
      for (const each of here) left.splice(left.indexOf(each), 1);
      return { name, regions: here };
    })
    .filter((each) => each.regions.length > 0);
}

/** What a region is doing, in two or three words. */
export function doing({ activity, backlog, instances }) {
  if (activity === "nothing") return "no endpoint";
  if (backlog > 0) return `${activity}, ${count(backlog)} queued`;
  return instances > 0 ? `${activity}, ${plural(instances, "instance")}` : activity;
}

/** The one sentence on top: what is wrong, or that nothing is. */
export function summary({ regions, endpoints }) {
  if (endpoints.length === 0) return "Ready, and nothing is deployed yet.";
  const problems = regions.reduce((sum, { problems }) => sum + problems, 0);
  const troubled = regions.filter((each) => each.problems > 0).length;
  const backlog = endpoints.reduce((sum, each) => sum + each.backlog, 0);
  const running = endpoints.reduce((sum, each) => sum + each.running, 0);
  const rest = [
    running === 0 ? "no instance runs" : `${plural(running, "instance")} run${running === 1 ? "s" : ""}`,
    backlog === 0 ? "nothing is queued" : `${plural(backlog, "request")} ${backlog === 1 ? "is" : "are"} in the queues`,
  ].join(", ");
  if (problems > 0) return `${plural(problems, "problem")} in ${plural(troubled, "region")}; ${rest}.`;
  const places = new Set(endpoints.map(({ region }) => region)).size;
  return `All well in ${plural(places, "region")}: ${rest}.`;
}

/** Everything that somebody should look at: failed endpoints, refused changes, and alarms that are not for scaling. */
export function problemsOf({ endpoints, alarms }) {
  return [
    ...endpoints
      .filter(({ failureReason, activity }) => failureReason !== undefined || activity === "failed")
      .map(({ account, region, endpointName, status, failureReason }) => ({
        key: `endpoint/${account}/${region}/${endpointName}`,
        account,
        region,
        endpointName,
        what: `${endpointName} is ${status}: ${failureReason ?? "no reason is told"}`,
      })),
    ...alarms
      .filter(({ purpose }) => purpose === "watch")
      .map(({ account, region, endpointName, alarmName, reason }) => ({
        key: `alarm/${account}/${region}/${alarmName}`,
        account,
        region,
        endpointName,
        what: `${alarmName} is in ALARM: ${reason}`,
      })),
  ];
}

/** Seconds as people say them: `840 ms`, `12.5 s`, `4 min 2 s`, `3 h 20 min`, `2 d 4 h`. */
export function duration(seconds) {
  if (seconds === undefined) return "";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(first, first + 2)
    .filter(([value], index) => index === 0 || value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(" ");
}

export function count(value) {
  return value.toLocaleString("en");
}

export function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `2026-11-25 21:14:03 UTC` */
export function dayAndTime(iso) {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** `21:14:03`, or with the day before it when that is another than `now`'s. */
export function timeOfDay(iso, now) {
  const time = iso.slice(11, 19);
  return iso.slice(0, 10) === now.slice(0, 10) ? time : `${iso.slice(5, 10)} ${time}`;
}

/** How fast virtual time has run over the samples, against the wall clock; undefined until there are two. */
export function speedOf(samples) {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last.wallMs <= first.wallMs) return undefined;
  return (last.virtualMs - first.virtualMs) / (last.wallMs - first.wallMs);
}

export function speedWords(speed) {
  if (speed === undefined) return "…";
  if (speed > 0.95 && speed < 1.05) return "as the wall clock";
  return `× ${speed >= 10 ? count(Math.round(speed)) : speed.toFixed(1)}`;
}

/** Instances of an endpoint: in service, and on the way where that differs. */
export function instancesWords({ inService, running, desired }) {
  if (running !== inService) return `${inService} of ${running}`;
  return desired === inService ? `${inService}` : `${inService} → ${desired}`;
}

/** An event in a sentence. A kind that this page does not know yet is shown as it came. */
export function sentence(event) {
  const {
    number: _number,
    time: _time,
    account: _account,
    region: _region,
    kind,
    key: _key,
    day: _day,
    ...rest
  } = event;
  switch (kind) {
    case "instances":
      return `${event.endpointName}: ${event.inService} in service, ${event.running} paid for, ${event.desired} desired`;
    case "request":
      return `${event.endpointName}: ${event.inferenceId} ${event.step}${because(event.reason)}`;
    case "notice":
      return `${event.eventName}${event.inferenceId === undefined ? "" : ` of ${event.inferenceId}`} published to ${lastOf(event.topicArn)}`;
    case "delivery":
      return `${event.messageType} for ${event.endpoint} ${event.outcome}${because(event.reason)}`;
    case "alarm":
      return `${event.alarmName}: ${event.from} → ${event.to}${because(event.reason)}`;
    case "scaling":
      return `${event.resourceId.split("/")[1]}: ${event.from} → ${event.to} instances${because(event.cause)}`;
    case "endpoint":
      return `${event.endpointName} is ${event.status}${because(event.reason)}`;
    case "use":
      return `${event.endpointName} ${event.instanceId}: ${duration(event.cpuSeconds)} of processor time, ${count(Math.round(event.peakMemoryBytes / 1e6))} MB at most`;
    case "log":
      return `${event.endpointName} ${event.instanceId}: ${event.line}`;
    case "missed":
      return `${plural(event.count, "event")} left out: they came faster than they are shown`;
    default:
      return Object.entries(rest)
        .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(", ");
  }
}

/** Whether an event is told when the log is filtered so. Lines of containers are told only when they are asked for. */
export function isShown(event, { kind, text, region }) {
  if (kind === "" ? event.kind === "log" : event.kind !== kind) return false;
  if (region !== undefined && event.region !== region) return false;
  return text === "" || `${event.region} ${event.kind} ${sentence(event)}`.toLowerCase().includes(text.toLowerCase());
}

function because(reason) {
  return reason === undefined || reason === "" ? "" : ` – ${reason}`;
}

function lastOf(arn) {
  return arn.split(":").at(-1);
}
