import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { Answer } from "../verdict";
import { asked } from "./asked";
import type { Asking } from "./asking";

/** Every region EC2 knows with its opt-in status, in one call. */
export function askOptIn(asking: Asking): Promise<Answer<ReadonlyMap<string, string>>> {
  const client = asking.client(EC2Client, asking.homeRegion);
  return asked(asking.signal, async () => {
    const { Regions = [] } = await client.send(new DescribeRegionsCommand({ AllRegions: true }), asking.call);
    return new Map(Regions.map(({ RegionName = "", OptInStatus = "" }) => [RegionName, OptInStatus]));
  });
}
