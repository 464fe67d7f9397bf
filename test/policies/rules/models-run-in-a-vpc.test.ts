import { configuration, model } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("models-run-in-a-vpc", [
  ["a VPC", model({ vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] } }), "complies"],
  ["no VPC", model(), /^vpcConfig\.subnets is missing\.\nvpcConfig\.securityGroupIds is missing\.$/],
  ["no subnets", model({ vpcConfig: { subnets: [], securityGroupIds: ["sg-1"] } }), /^vpcConfig\.subnets is empty\.$/],
  ["an endpoint configuration", configuration(), "not applicable"],
  ["an unknown VPC", model({ vpcConfig: unknown }), "unknown"],
]);
