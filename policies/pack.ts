import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("async-fleet", {
  policies: rules.map((rule) => ({ ...rule, tags: [rule.group] })),
  enforcementLevel: "mandatory",
});
