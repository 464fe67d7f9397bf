import { nameOf } from "../../rehearsal/world/iam/names";
import { AccessStory, granting, inShort, type Right, rightsIn, storyModel } from "./access-story";
import { DeployedWorld } from "./deployed-world";

const userName = "caller";

/**
 * A deployed region whose policies can be had with one right less: the documents are those the program made, and the
 * caller is a user who holds the callers' policy and nothing else.
 */
export class DeployedAccess {
  private constructor(
    readonly at: DeployedWorld,
    private readonly story: AccessStory,
    readonly roleName: string,
    /** The serving role's own policy. */
    readonly servingDocument: string,
    /** The callers' managed policy. */
    readonly callerDocument: string,
  ) {}

  static async open(overrides: Readonly<Record<string, string>> = {}): Promise<DeployedAccess> {
    const at = await DeployedWorld.open({ model: storyModel, overrides });
    const { world, call, manifest } = at;
    const roleName = nameOf(at.endpoint.blueprint.model.input.ExecutionRoleArn ?? "");
    const { User } = await world.iam.createUser(call, { UserName: userName });
    await world.iam.attachUserPolicy(call, { UserName: userName, PolicyArn: manifest.callerPolicyArn });
    const serving = await world.iam.getRolePolicy(call, { RoleName: roleName, PolicyName: "serve" });
    const callers = await world.iam.getPolicyVersion(call, { PolicyArn: manifest.callerPolicyArn, VersionId: "v1" });
    return new DeployedAccess(
      at,
      new AccessStory(at, User?.Arn ?? ""),
      roleName,
      decodeURIComponent(serving.PolicyDocument ?? ""),
      decodeURIComponent(callers.PolicyVersion?.Document ?? ""),
    );
  }

  /** Plays the whole story. @returns what went wrong */
  play(): Promise<string[]> {
    return this.story.play();
  }

  /** The story without one right of the serving role. */
  async withoutServing(right: string): Promise<string[]> {
    const { world, call } = this.at;
    const put = (PolicyDocument: string) =>
      world.iam.putRolePolicy(call, { RoleName: this.roleName, PolicyName: "serve", PolicyDocument });
    await put(this.less(this.servingDocument, right));
    try {
      return await this.played();
    } finally {
      await put(this.servingDocument);
    }
  }

  /** The story without one right of the callers. */
  async withoutCalling(right: string): Promise<string[]> {
    const { world, call, manifest } = this.at;
    const attached = { UserName: userName, PolicyArn: manifest.callerPolicyArn };
    const inline = { UserName: userName, PolicyName: "less" };
    await world.iam.detachUserPolicy(call, attached);
    await world.iam.putUserPolicy(call, { ...inline, PolicyDocument: this.less(this.callerDocument, right) });
    try {
      return await this.played();
    } finally {
      await world.iam.deleteUserPolicy(call, inline);
      await world.iam.attachUserPolicy(call, attached);
    }
  }

  /** The story without one statement of the key's policy. */
  withoutKeyStatement(sid: string): Promise<string[]> {
    return this.withKeyLess(sid, () => this.played());
  }

  /** Runs `run` while the key's policy lacks a statement. */
  async withKeyLess<Value>(sid: string, run: () => Promise<Value>): Promise<Value> {
    const { world, call, manifest } = this.at;
    const { Policy = "" } = await world.kms.getKeyPolicy(call, { KeyId: manifest.kmsKeyArn });
    const policy = JSON.parse(Policy) as { Statement: Array<{ Sid: string }> };
    const Statement = policy.Statement.filter(({ Sid }) => Sid !== sid);
    if (Statement.length !== policy.Statement.length - 1) throw new Error(`there is no statement ${sid}`);
    await world.kms.putKeyPolicy(call, { KeyId: manifest.kmsKeyArn, Policy: JSON.stringify({ ...policy, Statement }) });
    try {
      return await run();
    } finally {
      await world.kms.putKeyPolicy(call, { KeyId: manifest.kmsKeyArn, Policy });
    }
  }

  /** Each right of a document by its short name, such as `s3:GetObject inputs/*`. */
  named(document: string): Map<string, Right> {
    return new Map(rightsIn(document).map((right) => [this.nameOf(right), right]));
  }

  private async played(): Promise<string[]> {
    return inShort(await this.play());
  }

  private less(document: string, name: string): string {
    const rights = this.named(document);
    if (!rights.delete(name)) throw new Error(`${name} is not granted`);
    return granting([...rights.values()]);
  }

  private nameOf({ action, resource, statement }: Right): string {
    const via = /"kms:ViaService":"(\w+)\./.exec(JSON.stringify(statement))?.[1];
    const { bucket } = this;
    const short = resource
      .replace(`arn:aws:s3:::${bucket}/`, "")
      .replace(`arn:aws:s3:::${bucket}`, "the bucket")
      .replace(/^arn:aws:(?!s3)[^:]*:[^:]*:[^:]*:(key\/.*|log-group:.*|repository\/.*|endpoint\/.*)$/, "")
      .replace(/^arn:aws:s[nq]s:.*-(\w+)$/, "$1")
      .replace(/^arn:aws:ec2:[^:]*:[^:]*:/, "")
      .replace(/^\*$/, "");
    return [action, short, ...(via === undefined ? [] : [`through ${via}`])].filter((part) => part !== "").join(" ");
  }

  private get bucket(): string {
    return new URL(this.at.manifest.inputPrefix).hostname;
  }

  close(): Promise<void> {
    return this.at.close();
  }
}
