import type { Call } from "../call";
import type { Keeper, Kept } from "../keeper";
import type { AsyncRequest, RequestRecord } from "./request";

type KeptRequest = Omit<AsyncRequest, "payload"> & {
  readonly payload: { readonly base64: string } | { readonly inputLocation: string };
};

/** The collections of one endpoint's requests. */
const prefixes = { waiting: "sagemaker.requests", runs: "sagemaker.runs", records: "sagemaker.records" } as const;

/** A request that an earlier process accepted and did not end. */
export interface Unfinished {
  readonly request: AsyncRequest;
  /** The instance that worked on it. @default - none had begun */
  readonly instanceId?: string;
}

/**
 * Writes down an endpoint's requests: what was accepted, what an instance was given and what has ended. A request's end
 * is put together with the notice of it, so that they are safe as one.
 */
export class RequestRows {
  private readonly keys = new Map<AsyncRequest, string>();
  private readonly at: string;
  private next = 1;
  private isDropped = false;

  constructor(
    private readonly keeper: Keeper,
    { accountId, region }: Call,
    endpointName: string,
  ) {
    this.at = `${accountId}/${region}/${endpointName.toLowerCase()}`;
  }

  accepted(request: AsyncRequest): void {
    const key = String(this.next++);
    this.keys.set(request, key);
    const { payload } = request;
    const kept: KeptRequest = {
      ...request,
      payload: "bytes" in payload ? { base64: payload.bytes.toString("base64") } : payload,
    };
    this.keeper.put(`${prefixes.waiting}/${this.at}`, key, kept);
  }

  /** Before a container sees it: whether it had begun must be known for sure. @returns false when the world ended */
  async started(request: AsyncRequest, instanceId: string): Promise<boolean> {
    const key = this.keys.get(request);
    if (key !== undefined) this.keeper.put(`${prefixes.runs}/${this.at}`, key, [request.run, instanceId]);
    return this.keeper.safe();
  }

  ended(request: AsyncRequest, record: RequestRecord | undefined): void {
    const key = this.keys.get(request);
    if (key === undefined || this.isDropped) return;
    this.keys.delete(request);
    this.keeper.remove(`${prefixes.waiting}/${this.at}`, key);
    this.keeper.remove(`${prefixes.runs}/${this.at}`, key);
    if (record !== undefined) this.keeper.put(`${prefixes.records}/${this.at}`, record.inferenceId, record);
  }

  forgotten(inferenceId: string): void {
    this.keeper.remove(`${prefixes.records}/${this.at}`, inferenceId);
  }

  /** The endpoint is gone. */
  dropped(): void {
    this.isDropped = true;
    for (const prefix of Object.values(prefixes)) this.keeper.drop(`${prefix}/${this.at}`);
  }

  /** What an earlier process left, in the order of acceptance. */
  revive(kept: Kept): { readonly unfinished: Unfinished[]; readonly records: RequestRecord[] } {
    const runs = kept.collection(`${prefixes.runs}/${this.at}`) as ReadonlyMap<string, [number, string]>;
    const unfinished = [...kept.collection(`${prefixes.waiting}/${this.at}`)].map(([key, value]) => {
      const { payload, ...rest } = value as KeptRequest;
      const [run = 0, instanceId] = runs.get(key) ?? [];
      const request: AsyncRequest = {
        ...rest,
        run: run + 1,
        payload: "base64" in payload ? { bytes: Buffer.from(payload.base64, "base64") } : payload,
      };
      this.keys.set(request, key);
      this.next = Math.max(this.next, Number(key) + 1);
      return { request, ...(instanceId === undefined ? {} : { instanceId }) };
    });
    return {
      unfinished,
      records: [...kept.collection(`${prefixes.records}/${this.at}`).values()] as RequestRecord[],
    };
  }
}
