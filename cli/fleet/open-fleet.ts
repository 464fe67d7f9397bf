import { FleetClient, type FleetClientOptions } from "../../client/fleet-client";
import type { Choice } from "../../client/regions/choose";
import { UsageError } from "../../contract/errors";
import type { Manifest } from "../../contract/manifest";
import { awsAccess } from "../aws-options";
import { readManifest } from "./manifest";
import type { FleetOptions, SendingOptions } from "./options";

/** A client of the fleet the options name. The caller closes it. @throws UsageError ASY-304, ASY-305, ASY-601 */
export async function openFleet(options: FleetOptions & Partial<SendingOptions>): Promise<FleetClient> {
  const access = awsAccess(options);
  const manifest = await readManifest(options);
  const client = new FleetClient(manifest, {
    ...access,
    choice: choiceOf(options, manifest),
    ...(options.backlogAgeMax === undefined ? {} : { backlogAgeSecondsMax: options.backlogAgeMax }),
  } satisfies FleetClientOptions);
  // A region the fleet has not is told now, not after an upload.
  for (const region of options.region ?? []) client.connection(region);
  return client;
}

function choiceOf({ region, choose = "order" }: Partial<SendingOptions>, manifest: Manifest): Choice {
  if (region !== undefined) return { by: "order", regions: region };
  if (choose === "order") return { by: "order", regions: Object.keys(manifest.regions) };
  if (choose === "latency" || choose === "backlog") return { by: choose };
  const weights = Object.fromEntries(
    choose.split(",").map((pair) => {
      const [code = "", weight = ""] = pair.split("=");
      return [code.trim(), weight.trim() === "" ? Number.NaN : Number(weight)];
    }),
  );
  const wrong = Object.entries(weights).find(
    ([code, weight]) => manifest.regions[code] === undefined || !(weight >= 0),
  );
  if (wrong !== undefined) {
    throw new UsageError({
      code: "ASY-601",
      at: "--choose",
      got: choose,
      expected: `order, latency, backlog, or weights of the fleet's regions such as ${Object.keys(manifest.regions)[0]}=1`,
    });
  }
  return { by: "weights", weights };
}
