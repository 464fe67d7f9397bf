/**
 * Who makes a call. `administrator` is the deployer (the Pulumi provider, the tests' default credentials): AWS would
 * ask its own account's policies, which a rehearsal does not know, so identity policies are not asked of it.
 */
export type Principal =
  | { readonly kind: "administrator" }
  | { readonly kind: "user"; readonly userArn: string }
  | { readonly kind: "role"; readonly roleArn: string; readonly sessionName?: string }
  | { readonly kind: "service"; readonly service: string; readonly sourceArn?: string };

/** What every operation knows beside its input: the account and region it was called in, and by whom. */
export interface Call {
  readonly accountId: string;
  readonly region: string;
  readonly principal: Principal;
  /** Called before something is made visible that must become safe together with what follows. @default - nothing is */
  readonly together?: () => void;
}

/** An AWS SDK output as an operation of the world gives it: without the client's own metadata. */
export type Answer<Output> = Omit<Output, "$metadata">;

/** The same account and region, called by somebody else. */
export function as(call: Call, principal: Principal): Call {
  return { ...call, principal };
}

export const administrator: Principal = { kind: "administrator" };
