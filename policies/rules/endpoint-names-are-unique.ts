import type { PolicyResource } from "@pulumi/policy";
import { known, textAt, types } from "../async-resources";
import { inTurn, looksAtStacksWith, ofType, type StackRule } from "../rule";

export const endpointNamesAreUnique: StackRule = {
  name: "endpoint-names-are-unique",
  group: "regions",
  displayName: "Endpoint names are unique in their region",
  description: "No two endpoints of the stack in one region have the same name, capitals aside.",
  why: "AWS refuses the second one after everything else was made, and takes names that differ in capitals alone for one when it creates, yet not when it is called.",
  notJudged: "Endpoints of other stacks and accounts.",
  severity: "medium",
  enforcementLevel: "mandatory",
  controls: [],
  remediationSteps: "Give each endpoint of a region a name of its own.",
  validateStack: looksAtStacksWith([types.endpoint], (resources, report, args) => {
    const endpoints = ofType(resources, types.endpoint);
    if (endpoints.length < 2) return args.notApplicable("fewer than two endpoints");
    const first = new Map<string, PolicyResource>();
    inTurn(
      endpoints.map((endpoint) => () => {
        const name = textAt(endpoint.props, "name");
        if (name === undefined) return;
        const key = `${known(endpoint.props, "region")} ${name.toLowerCase()}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, endpoint);
        else report(`${endpoint.name} and ${other.name} are both named ${name}.`, endpoint.urn);
      }),
    );
  }),
};
