import * as messages from "@pulumi/pulumi/proto/analyzer_pb";
import * as struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { RecordedResource } from "./record-program";

/** One thing a rule said, as the pack tells it. */
export interface Diagnostic {
  readonly policy: string;
  /** `advisory`, `mandatory` */
  readonly level: string;
  readonly severity: string;
  /** Empty when the rule named no resource of the stack. */
  readonly urn: string;
  readonly message: string;
}

/** A rule as the pack tells of it, once it knows the stack. */
export interface PackRule {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: string;
  readonly level: string;
  readonly fix: string;
}

const levels = ["advisory", "mandatory", "disabled", "remediate"];
const severities = ["", "low", "medium", "high", "critical"];

export function ruleOf(rule: messages.PolicyInfo): PackRule {
  return {
    name: rule.getName(),
    displayName: rule.getDisplayname(),
    description: rule.getDescription(),
    severity: severities[rule.getSeverity()] ?? "",
    level: levels[rule.getEnforcementlevel()] ?? "",
    fix: rule.getRemediationSteps(),
  };
}

/** @param urn the resource that was asked about */
export function diagnosticsIn(answer: messages.AnalyzeResponse, urn: string): readonly Diagnostic[] {
  return answer.getDiagnosticsList().map((diagnostic) => ({
    policy: diagnostic.getPolicyname(),
    level: levels[diagnostic.getEnforcementlevel()] ?? "",
    severity: severities[diagnostic.getSeverity()] ?? "",
    urn: diagnostic.getUrn() || urn,
    message: messageOf(diagnostic),
  }));
}

export function asSetting(level: string, parameters: Readonly<Record<string, unknown>>): messages.PolicyConfig {
  const setting = new messages.PolicyConfig();
  setting.setEnforcementlevel(levels.indexOf(level) as never);
  setting.setProperties(structOf(parameters));
  return setting;
}

/** The question about a resource alone. */
export function asAsked(resource: RecordedResource): messages.AnalyzeRequest {
  const request = new messages.AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(resource.urn);
  request.setName(resource.name);
  request.setOptions(noOptions());
  request.setProperties(structOf(resource.inputs));
  return request;
}

/** A resource in the question about all of them. */
export function asAnalyzed(resource: RecordedResource): messages.AnalyzerResource {
  const analyzed = new messages.AnalyzerResource();
  analyzed.setType(resource.type);
  analyzed.setUrn(resource.urn);
  analyzed.setName(resource.name);
  analyzed.setParent(resource.parent);
  analyzed.setOptions(noOptions());
  analyzed.setProperties(structOf({ ...resource.inputs, ...resource.outputs }));
  for (const [property, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new messages.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    analyzed.getPropertydependenciesMap().set(property, dependencies);
  }
  analyzed.setDependenciesList([...resource.dependencies]);
  return analyzed;
}

/** The SDK insists on options, though no rule here looks at them. */
function noOptions(): messages.AnalyzerResourceOptions {
  const options = new messages.AnalyzerResourceOptions();
  options.setCustomtimeouts(new messages.AnalyzerResourceOptions.CustomTimeouts());
  return options;
}

/** As JSON would have it: protobuf's structures know no undefined. */
function structOf(value: Readonly<Record<string, unknown>>): struct.Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, never>);
}

/** The rule's description stands before its message, a line apart. */
function messageOf(diagnostic: messages.AnalyzeDiagnostic): string {
  const description = diagnostic.getDescription();
  const message = diagnostic.getMessage();
  return (message.startsWith(description) ? message.slice(description.length) : message).trim() || message;
}
