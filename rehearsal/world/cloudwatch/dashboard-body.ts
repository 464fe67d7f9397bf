import { dashboardMetricsMax, dashboardWidgetsMax, widgetMetricsMax } from "../../../contract/limits";

/** One thing CloudWatch finds wrong in a dashboard's body, in the form its own message has. */
export interface DashboardFault {
  /** e.g. `/widgets/0/properties` */
  readonly dataPath: string;
  readonly message: string;
}

type Json = Record<string, unknown>;

/** CloudWatch API reference, Dashboard Body Structure and Syntax, read 2026-11-25. */
const grid = { x: [0, 23], y: [0, Number.MAX_SAFE_INTEGER], width: [1, 24], height: [1, 1000] } as const;
const types = ["metric", "text", "log", "alarm", "explorer", "custom", "chart"];

/**
 * What CloudWatch would refuse in the body of a dashboard. Messages whose words are known from CloudWatch's own answers
 * are those; what a widget of another type than metric, text and alarm holds is not looked at.
 */
export function dashboardFaults(body: string): DashboardFault[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return [{ dataPath: "", message: "The field DashboardBody must be a valid JSON object" }];
  }
  if (!isObject(value)) return [{ dataPath: "", message: "Should be object" }];
  const { widgets } = value;
  if (widgets === undefined) return [{ dataPath: "", message: "Should have required property 'widgets'" }];
  if (!Array.isArray(widgets)) return [{ dataPath: "/widgets", message: "Should be array" }];
  const faults = widgets.flatMap((widget, index) => widgetFaults(widget, `/widgets/${index}`));
  if (widgets.length > dashboardWidgetsMax)
    faults.push({ dataPath: "/widgets", message: `Should NOT have more than ${dashboardWidgetsMax} items` });
  const shown = widgets.reduce<number>((sum, widget) => sum + metricsOf(widget), 0);
  if (shown > dashboardMetricsMax)
    faults.push({ dataPath: "/widgets", message: `Should NOT show more than ${dashboardMetricsMax} metrics` });
  return faults;
}

/** The faults as CloudWatch's one message. */
export function dashboardRefusal(faults: readonly DashboardFault[]): string {
  return `The dashboard body is invalid, there are ${faults.length} validation errors:\n${JSON.stringify(faults, null, 2)}`;
}

function widgetFaults(widget: unknown, at: string): DashboardFault[] {
  if (!isObject(widget)) return [{ dataPath: at, message: "Should be object" }];
  const faults: DashboardFault[] = [];
  const { type, properties } = widget;
  if (type === undefined) faults.push({ dataPath: at, message: "Should have required property 'type'" });
  else if (!types.includes(String(type)))
    faults.push({ dataPath: `${at}/type`, message: "Should be equal to one of the allowed values" });
  for (const [side, [least, most]] of Object.entries(grid)) {
    const size = widget[side];
    if (size === undefined) continue;
    if (!Number.isInteger(size)) faults.push({ dataPath: `${at}/${side}`, message: "Should be integer" });
    else if ((size as number) < least) faults.push({ dataPath: `${at}/${side}`, message: `Should be >= ${least}` });
    else if ((size as number) > most) faults.push({ dataPath: `${at}/${side}`, message: `Should be <= ${most}` });
  }
  if (properties === undefined)
    return [...faults, { dataPath: at, message: "Should have required property 'properties'" }];
  const inner = `${at}/properties`;
  if (!isObject(properties)) return [...faults, { dataPath: inner, message: "Should be object" }];
  if (type === "text" && typeof properties.markdown !== "string")
    faults.push({ dataPath: inner, message: "Should have required property 'markdown'" });
  if (type === "alarm" && !Array.isArray(properties.alarms))
    faults.push({ dataPath: inner, message: "Should have required property 'alarms'" });
  return type === "metric" ? [...faults, ...metricFaults(properties, inner)] : faults;
}

function metricFaults(properties: Json, at: string): DashboardFault[] {
  const { metrics, annotations, region } = properties;
  const ofAnAlarm = isObject(annotations) && Array.isArray(annotations.alarms);
  if (ofAnAlarm) return [];
  const faults: DashboardFault[] = [];
  if (metrics === undefined) faults.push({ dataPath: at, message: "Should have required property 'metrics'" });
  if (metrics === undefined || typeof region !== "string") {
    faults.push({
      dataPath: at,
      message: "The metric widget should have specified a region and a data source or an alarm annotation",
    });
  }
  if (metrics === undefined) {
    faults.push({ dataPath: at, message: "Should have required property 'annotations'" });
    return faults;
  }
  if (!Array.isArray(metrics)) return [...faults, { dataPath: `${at}/metrics`, message: "Should be array" }];
  if (metrics.length > widgetMetricsMax)
    faults.push({ dataPath: `${at}/metrics`, message: `Should NOT have more than ${widgetMetricsMax} items` });
  metrics.forEach((metric, index) => {
    const dataPath = `${at}/metrics/${index}`;
    if (!Array.isArray(metric)) faults.push({ dataPath, message: "Should be array" });
    if (!isMetric(metric)) {
      faults.push({
        dataPath,
        message:
          'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element',
      });
    }
  });
  return faults;
}

function isMetric(metric: unknown): boolean {
  if (!Array.isArray(metric)) return false;
  const words = isObject(metric.at(-1)) ? metric.slice(0, -1) : metric;
  // An entry of a renderer alone is a metric math expression.
  return words.every((word) => typeof word === "string") && (words.length > 0 || metric.length > 0);
}

function metricsOf(widget: unknown): number {
  const metrics = isObject(widget) && isObject(widget.properties) ? widget.properties.metrics : undefined;
  return Array.isArray(metrics) ? metrics.length : 0;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
