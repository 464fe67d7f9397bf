import { z } from "zod";
import { text } from "./kinds";

/** Subnets and security groups of one region's VPC (model: VpcConfig takes 1 to 16 and 1 to 5). */
export const networkSchema = z
  .strictObject(
    {
      subnetIds: z
        .array(text("a subnet id", /^subnet-[0-9a-f]+$/), { error: "a list of subnet ids" })
        .min(1, { error: "1 to 16 subnet ids" })
        .max(16, { error: "1 to 16 subnet ids" })
        .refine((ids) => new Set(ids).size === ids.length, { error: "a list without the same subnet twice" })
        .meta({ description: "Where the instances are; AWS advises at least two, in different availability zones." }),
      securityGroupIds: z
        .array(text("a security group id", /^sg-[0-9a-f]+$/), { error: "a list of security group ids" })
        .min(1, { error: "1 to 5 security group ids" })
        .max(5, { error: "1 to 5 security group ids" })
        .refine((ids) => new Set(ids).size === ids.length, { error: "a list without the same group twice" })
        .meta({ description: "What the instances may reach." }),
      checkEndpoints: z
        .array(text("an AWS service as in com.amazonaws.<region>.<service>, e.g. s3", /^[a-z0-9][a-z0-9.-]*$/), {
          error: "a list of AWS services",
        })
        .refine((names) => new Set(names).size === names.length, { error: "a list without the same service twice" })
        .default([])
        .meta({
          description:
            "Services for which the subnets' VPC must have an endpoint before anything is deployed; none is ever made. s3 is what SageMaker needs where the subnets have no other way out: payloads, results and the model's data go through the VPC. Name others that the container itself calls.",
        }),
    },
    { error: "an object with subnetIds and securityGroupIds" },
  )
  .optional()
  .meta({ description: "Subnets and security groups of the model's VPC; usually set per region." });
