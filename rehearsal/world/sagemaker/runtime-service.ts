import type * as sdk from "@aws-sdk/client-sagemaker-runtime";
import {
  inlinePayloadBytesMax,
  invocationTimeoutSeconds,
  invocationTimeoutSecondsDefault,
  requestTtlSeconds,
  requestTtlSecondsDefault,
} from "../../../contract/limits";
import { AwsError } from "../aws-error";
import type { Answer, Call } from "../call";
import type { World } from "../world";
import type { Endpoint } from "./endpoint";
import { s3UriPattern, under, Validation } from "./validation";

const code = "ValidationError";
const headerBytesMax = 1024;
const ascii = /^[\x20-\x7e\t]*$/;

/** SageMaker's runtime: where requests come in. */
export class SageMakerRuntime {
  constructor(private readonly world: World) {}

  async invokeEndpointAsync(
    call: Call,
    input: sdk.InvokeEndpointAsyncCommandInput,
  ): Promise<Answer<sdk.InvokeEndpointAsyncCommandOutput>> {
    // Rights come before everything else that could be told about the endpoint.
    this.world.iam.require(
      call,
      {
        action: "sagemaker:InvokeEndpointAsync",
        resource: `arn:aws:sagemaker:${call.region}:${call.accountId}:endpoint/${(input.EndpointName ?? "").toLowerCase()}`,
      },
      "AccessDeniedException",
      403,
    );
    this.validate(input);
    const endpoint = this.find(call, input.EndpointName);
    if (endpoint.async === undefined) {
      throw new AwsError(code, `Endpoint ${endpoint.name} is not an asynchronous inference endpoint.`);
    }
    const output = endpoint.async.OutputConfig;
    const inferenceId = input.InferenceId ?? this.world.ids.uuid();
    const name = this.world.ids.uuid();
    const extended = (base: string): string =>
      input.S3OutputPathExtension === undefined ? base : under(base, input.S3OutputPathExtension);
    const outputLocation = under(extended(output?.S3OutputPath ?? ""), input.Filename ?? `${name}.out`);
    const failureName = this.world.assumed.failureName === "filename" ? input.Filename : undefined;
    const failureLocation =
      output?.S3FailurePath === undefined
        ? undefined
        : under(extended(output.S3FailurePath), failureName ?? `${name}-error.out`);
    endpoint.queue.accept({
      inferenceId,
      run: 1,
      acceptedMs: this.world.clock.now(),
      timeToLiveSeconds: input.RequestTTLSeconds ?? requestTtlSecondsDefault,
      invocationTimeoutSeconds: input.InvocationTimeoutSeconds ?? invocationTimeoutSecondsDefault,
      contentType: input.ContentType,
      accept: input.Accept,
      customAttributes: input.CustomAttributes,
      payload:
        input.InputLocation === undefined
          ? { bytes: Buffer.from(input.Body as Uint8Array) }
          : { inputLocation: input.InputLocation },
      outputLocation,
      failureLocation,
    });
    return {
      InferenceId: inferenceId,
      OutputLocation: outputLocation,
      ...(failureLocation === undefined ? {} : { FailureLocation: failureLocation }),
    };
  }

  /** Real-time invocation, which an asynchronous endpoint refuses. */
  async invokeEndpoint(
    call: Call,
    input: sdk.InvokeEndpointCommandInput,
  ): Promise<Answer<sdk.InvokeEndpointCommandOutput>> {
    const endpoint = this.find(call, input.EndpointName);
    throw new AwsError(
      code,
      endpoint.async === undefined
        ? `Endpoint ${endpoint.name} serves real-time inference, which this rehearsal does not play.`
        : `Endpoint ${endpoint.name} of account ${call.accountId} is an asynchronous inference endpoint: use InvokeEndpointAsync.`,
    );
  }

  private validate(input: sdk.InvokeEndpointAsyncCommandInput): void {
    new Validation()
      .required("endpointName", input.EndpointName)
      .pattern("endpointName", input.EndpointName, /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/, 63)
      .pattern("contentType", input.ContentType, ascii, headerBytesMax)
      .pattern("accept", input.Accept, ascii, headerBytesMax)
      .pattern("customAttributes", input.CustomAttributes, ascii, headerBytesMax)
      .pattern("inferenceId", input.InferenceId, /^\S[\x20-\x7e]*$/, 64)
      .pattern("inputLocation", input.InputLocation, s3UriPattern, 1024)
      .pattern("s3OutputPathExtension", input.S3OutputPathExtension, /^(?!s3:|https:)[a-zA-Z0-9!_.*'()/-]+$/, 512)
      .pattern("filename", input.Filename, /^(?!.*\..*\.)[a-zA-Z0-9][a-zA-Z0-9-_.]*$/, 32)
      .range("requestTTLSeconds", input.RequestTTLSeconds, requestTtlSeconds)
      .range("invocationTimeoutSeconds", input.InvocationTimeoutSeconds, invocationTimeoutSeconds)
      .end(code);
    const body = input.Body as Uint8Array | undefined;
    const inline = body !== undefined && body.length > 0;
    if (inline && input.InputLocation !== undefined)
      throw new AwsError(code, "Exactly one of Body and InputLocation must be specified, not both.");
    if (!inline && input.InputLocation === undefined)
      throw new AwsError(code, "One of Body and InputLocation must be specified.");
    if (inline && body.length > inlinePayloadBytesMax) {
      throw new AwsError(
        code,
        `Body must be at most ${inlinePayloadBytesMax} bytes; it has ${body.length}. Use InputLocation for larger payloads.`,
      );
    }
  }

  private find(call: Call, name: string | undefined): Endpoint {
    const unknown = (): AwsError => new AwsError(code, `Endpoint ${name} of account ${call.accountId} not found.`);
    let endpoint: Endpoint;
    try {
      endpoint = this.world.sagemaker.endpoint(call, name);
    } catch {
      throw unknown();
    }
    // Names are told apart by case here, though not when they are made.
    if (
      endpoint.name !== name ||
      endpoint.status === "Creating" ||
      endpoint.status === "Deleting" ||
      endpoint.status === "Failed"
    )
      throw unknown();
    return endpoint;
  }
}
