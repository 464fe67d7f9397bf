import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { UsageError } from "../../contract/errors";
import { RefusedCall, StepFailure, UnfinishedResource } from "./failures";
import { packed, toStruct } from "./structs";

/**
 * A failed step as the engine understands it. A resource that exists but did not come up travels in the details, so that
 * the state keeps it; our own faults keep their trace.
 */
export function stepError(cause: unknown): Partial<ServiceError> {
  if (cause instanceof UnfinishedResource) return unfinished(cause);
  if (cause instanceof UsageError) return { code: status.INVALID_ARGUMENT, details: cause.message };
  if (cause instanceof RefusedCall) return { code: status.FAILED_PRECONDITION, details: cause.message };
  if (cause instanceof StepFailure) return { code: status.FAILED_PRECONDITION, details: cause.message };
  return { code: status.INTERNAL, details: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
}

function unfinished(cause: UnfinishedResource): Partial<ServiceError> {
  const details = new ErrorResourceInitFailed();
  details.setId(cause.id);
  details.setProperties(toStruct(cause.outputs));
  details.setInputs(toStruct(cause.inputs));
  details.setReasonsList([cause.message]);
  const whole = new Status();
  whole.setCode(status.UNKNOWN);
  whole.setMessage(cause.message);
  whole.setDetailsList([packed(details.serializeBinary(), "pulumirpc.ErrorResourceInitFailed")]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details: cause.message, metadata };
}
