import type * as sdk from "@aws-sdk/client-iam";
import { AwsError } from "../aws-error";
import { type Answer, administrator, type Call, type Principal } from "../call";
import type { RefusedCredential } from "./credentials";
import { type AccessRequest, type Decision, decide } from "./evaluate";
import { missing, nameOf } from "./names";
import { Roles } from "./roles";
import { simulatePrincipalPolicy } from "./simulate";

/** A request with what its resource says of it. */
export interface JudgedRequest extends AccessRequest {
  /** JSON text @default - the resource has none */
  readonly resourcePolicy?: string | undefined;
  /** @default false */
  readonly resourceMustDelegate?: boolean;
}

/** Identity and Access Management: users, roles, policies, and the decision about each call. Global within the account. */
export class Iam extends Roles {
  /** Whether the caller may do it, by its identity policies, their boundary and the resource's own policy. */
  isAllowed(call: Call, request: JudgedRequest): Decision {
    const { principal } = call;
    const rights =
      principal.kind === "role"
        ? this.roleRights(principal.roleArn)
        : principal.kind === "user"
          ? { identity: this.userRights(principal.userArn) }
          : {};
    return decide(
      principal,
      { ...request, context: { ...contextOf(call), ...request.context } },
      {
        accountId: this.world.accountId,
        ...rights,
        ...(request.resourcePolicy === undefined ? {} : { resource: this.read(request.resourcePolicy) }),
        ...(request.resourceMustDelegate === undefined ? {} : { resourceMustDelegate: request.resourceMustDelegate }),
      },
    );
  }

  /**
   * Refuses a user or role that may not do it. Calls of the administrator and of AWS's services pass: only a resource's
   * own policy speaks about those.
   *
   * @throws AwsError AccessDeniedException, or what `code` says
   */
  require(call: Call, request: AccessRequest, code = "AccessDeniedException", statusCode = 400): void {
    if (call.principal.kind !== "user" && call.principal.kind !== "role") return;
    const decision = this.isAllowed(call, request);
    if (!decision.allowed) throw new AwsError(code, this.refusal(call, request, decision), statusCode);
  }

  /** AWS's sentence for a refusal. */
  refusal(call: Call, request: AccessRequest, decision: Decision): string {
    return `User: ${principalArn(call)} is not authorized to perform: ${request.action} on resource: ${request.resource} ${decision.reason}`;
  }

  async simulatePrincipalPolicy(
    call: Call,
    input: sdk.SimulatePrincipalPolicyCommandInput,
  ): Promise<Answer<sdk.SimulatePrincipalPolicyCommandOutput>> {
    const source = input.PolicySourceArn ?? "";
    if (source.includes(":role/") && this.trustOf(source) === undefined) {
      throw missing(`The role with name ${nameOf(source)} cannot be found.`);
    }
    return simulatePrincipalPolicy(this.world, call, input);
  }

  /**
   * Whether the role exists and the caller may take it.
   *
   * @param call a service with the ARN it acts for, a user, or another role
   */
  isAssumable(call: Call, roleArn: string): Decision {
    const resourcePolicy = this.trustOf(roleArn);
    if (resourcePolicy === undefined) return { allowed: false, reason: "because the role does not exist" };
    // A trust policy's statements name no resource: they are about the role itself.
    return this.isAllowed(call, {
      action: "sts:AssumeRole",
      resource: roleArn,
      resourcePolicy,
      resourceMustDelegate: true,
    });
  }

  /** Gives out a temporary key for a session of a role. */
  startSession(roleArn: string, sessionName: string, seconds: number) {
    const expiresMs = this.world.clock.now() + seconds * 1000;
    const accessKeyId = `ASIA${this.world.ids.hex(16).toUpperCase()}`;
    const sessionToken = this.world.ids.hex(96);
    const secretAccessKey = this.world.ids.hex(40);
    this.credentials.set(accessKeyId, {
      principal: { kind: "role", roleArn, sessionName },
      sessionToken,
      secretAccessKey,
      expiresMs,
      isDeleted: false,
    });
    this.world.keeper?.changed("iam");
    return { accessKeyId, sessionToken, secretAccessKey, expiresMs };
  }

  /** The secret of an access key that was given out here; of any other nobody knows it. */
  secretOf(accessKeyId: string): string | undefined {
    return this.credentials.get(accessKeyId)?.secretAccessKey;
  }

  /** Whom a call with this access key comes from. A key nobody was given is the administrator's: clients need some. */
  principalOf(accessKeyId: string, sessionToken: string | undefined): Principal | RefusedCredential {
    const key = this.credentials.get(accessKeyId);
    if (key === undefined) return administrator;
    if (key.isDeleted || key.sessionToken !== sessionToken) return "unknown";
    if (key.expiresMs !== undefined && key.expiresMs <= this.world.clock.now()) return "expired";
    return key.principal;
  }
}

/** The condition keys AWS sets on every call. */
function contextOf(call: Call): Record<string, string> {
  const { principal, accountId, region } = call;
  if (principal.kind === "service") {
    return {
      "aws:RequestedRegion": region,
      "aws:PrincipalServiceName": principal.service,
      ...(principal.sourceArn === undefined
        ? {}
        : { "aws:SourceArn": principal.sourceArn, "aws:SourceAccount": accountId }),
    };
  }
  return {
    "aws:RequestedRegion": region,
    "aws:PrincipalAccount": accountId,
    "aws:PrincipalArn": principal.kind === "role" ? principal.roleArn : principalArn(call),
  };
}

/** The ARN a refusal names. */
export function principalArn({ accountId, principal }: Call): string {
  if (principal.kind === "service") return principal.service;
  if (principal.kind === "administrator") return `arn:aws:iam::${accountId}:user/administrator`;
  if (principal.kind === "user") return principal.userArn;
  return `arn:aws:sts::${accountId}:assumed-role/${nameOf(principal.roleArn)}/${principal.sessionName ?? "SageMaker"}`;
}
