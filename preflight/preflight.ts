import type { AwsAccess } from "../client/aws-access";
import { Asking } from "./ask/asking";
import type { Caller } from "./ask/caller";
import { askCaller } from "./ask/caller";
import { askImage } from "./ask/images";
import { askKey } from "./ask/keys";
import { askModelData } from "./ask/model-data";
import { askNetwork } from "./ask/network";
import { askEndpointQuotas } from "./ask/quotas";
import { askOptIn } from "./ask/regions";
import { askRights } from "./ask/rights";
import { judgeImages, judgeKeys, judgeModelData, judgeNetwork, judgeQuotas, judgeRegion, judgeRights } from "./judge";
import { accountWide, needsOf, type RegionNeeds } from "./needs";
import type { RegisteredResource } from "./registered-resource";
import { type Answer, type CheckName, checkNames, none, type RegionVerdicts, unknown, type Verdict } from "./verdict";

export interface PreflightOptions {
  readonly access: AwsAccess;
  readonly signal: AbortSignal;
  /** What the stack's program registers in this account. */
  readonly register: (accountId: string) => Promise<readonly RegisteredResource[]>;
  /** Instance types that the settings name for a region beside the one it takes. @default - none */
  readonly alternatives?: (region: string) => readonly string[];
  /** Told as regions are done. @default - nobody is told */
  readonly onProgress?: (done: number, all: number, region: string) => void;
  /** Tries of a question that AWS throttles or a network loses. @default 4 */
  readonly attemptsMax?: number;
}

export interface PreflightReport {
  readonly accountId: string;
  /** The caller's ARN. */
  readonly caller: string;
  readonly regions: readonly RegionVerdicts[];
}

/** Regions asked at once; the questions of one region follow each other, as IAM is one for all of them. */
const atOnce = 6;

/**
 * Asks an account whether a stack can be deployed to it, region by region, and changes nothing.
 *
 * @throws UsageError ASY-620, ASY-621, ASY-622 when nobody can be asked at all
 */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const asking = new Asking(options.access, options.signal, options.attemptsMax ?? 4);
  try {
    const caller = await askCaller(asking);
    const optIn = await askOptIn(asking);
    const needs = needsOf(await options.register(caller.accountId), caller.accountId);
    const verdicts = new Map<string, RegionVerdicts>();
    const waiting = [...needs];
    const worker = async (): Promise<void> => {
      for (let need = waiting.shift(); need !== undefined; need = waiting.shift()) {
        options.signal.throwIfAborted();
        verdicts.set(need.region, await lookAt(need, { asking, caller, optIn, options }));
        options.onProgress?.(verdicts.size, needs.length, need.region);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, needs.length) }, worker));
    const found = needs.flatMap(({ region }) => verdicts.get(region) ?? []);
    const isAccount = ({ region }: RegionVerdicts): boolean => region === accountWide;
    return {
      accountId: caller.accountId,
      caller: caller.arn,
      regions: [...found.filter(isAccount), ...found.filter((each) => !isAccount(each))],
    };
  } finally {
    asking.close();
  }
}

interface Ground {
  readonly asking: Asking;
  readonly caller: Caller;
  readonly optIn: Answer<ReadonlyMap<string, string>>;
  readonly options: PreflightOptions;
}

async function lookAt(need: RegionNeeds, { asking, caller, optIn, options }: Ground): Promise<RegionVerdicts> {
  const { region } = need;
  const rights = (): Promise<Verdict> => lookAtRights(need, asking, caller);
  if (region === accountWide) {
    return { region, checks: { ...allOf(none("kept by region")), rights: await rights() } };
  }
  const enabled = judgeRegion(region, optIn);
  if (enabled.state === "fail") {
    return {
      region,
      checks: { ...allOf(unknown("not asked: the account has not enabled the region")), region: enabled },
    };
  }
  const each = async <Value>(list: readonly string[], ask: (what: string) => Promise<Answer<Value>>) =>
    Promise.all(list.map(async (what) => ({ what, answer: await ask(what) })));
  const hasNetwork = need.subnetIds.length + need.securityGroupIds.length > 0;
  return {
    region,
    checks: {
      region: enabled,
      quota: judgeQuotas(
        region,
        need.instances,
        await askEndpointQuotas(asking, region),
        options.alternatives?.(region) ?? [],
      ),
      image: judgeImages(region, await each(need.images, (uri) => askImage(asking, uri))),
      model: judgeModelData(region, await each(need.modelData, (uri) => askModelData(asking, region, uri))),
      network: judgeNetwork(region, hasNetwork ? await askNetwork(asking, region, need) : undefined),
      key: judgeKeys(region, await each(need.keyArns, (arn) => askKey(asking, region, arn))),
      rights: await rights(),
    },
  };
}

async function lookAtRights(need: RegionNeeds, asking: Asking, { policySource }: Caller): Promise<Verdict> {
  if ("unknown" in policySource) return unknown(policySource.unknown);
  const region = need.region === accountWide ? undefined : need.region;
  const answers = [];
  for (const rights of need.rights) {
    const answer =
      rights.actions.length === 0 ? { known: [] } : await askRights(asking, policySource.known, rights, region);
    answers.push({ rights, answer });
  }
  return judgeRights(region ?? "the whole account", answers);
}

function allOf(verdict: Verdict): Record<CheckName, Verdict> {
  return Object.fromEntries(checkNames.map((name) => [name, verdict])) as Record<CheckName, Verdict>;
}
