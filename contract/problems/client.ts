import type { ProblemTable } from "./table";

/** ASY-3nn. */
export const clientProblems = {
  "ASY-301": {
    means: "A payload cannot be read.",
    fix: "Give the path of a file that exists and that you may read.",
  },
  "ASY-302": {
    means: "A payload is larger than the fleet declares it accepts.",
    fix: "Split the payload, or raise async-fleet:requests.payloadBytes (1 GB at most) and deploy again.",
  },
  "ASY-303": {
    means: "A request option is outside what SageMaker accepts.",
    fix: "Change the value, or leave it out and take what the fleet declares.",
  },
  "ASY-304": {
    means: "The manifest is not one this version can read.",
    fix: "Deploy again with this version, or use the version that deployed it.",
  },
  "ASY-305": {
    means: "The fleet has no such region.",
    fix: "Name one of the manifest's regions.",
  },
  "ASY-306": {
    means: "A payload changed while it was sent.",
    fix: "Wait until it is written to its end, then send it again: what was sent of it is not used.",
  },
  "ASY-307": {
    means: "A result cannot be written.",
    fix: "Make room or name another place, then collect it again: it lies in S3 until it is deleted by age.",
  },
  "ASY-308": {
    means: "No region of the fleet takes the request.",
    fix: "Read each region's reason; `fleet status` shows how the regions stand.",
  },
  "ASY-309": {
    means: "A batch's journal cannot be gone on from.",
    fix: "Name the journal that belongs to this batch; or move the file away to begin anew, and delete the line only if you wrote it.",
  },
  "ASY-310": {
    means: "A line of a batch's manifest cannot be taken.",
    fix: "Correct the line; nothing has been sent.",
  },
  "ASY-311": {
    means: "Another batch is at work with the same journal.",
    fix: "Wait for it, or name another journal.",
  },
  "ASY-312": {
    means: "A role cannot be taken on.",
    fix: "Check the role's ARN, its trust policy and the external id it asks for, and that you may sts:AssumeRole it.",
  },
  "ASY-313": {
    means: "The certificates that AWS is to be trusted by cannot be read.",
    fix: "Correct AWS_CA_BUNDLE, or the profile's ca_bundle, or take it away; NODE_EXTRA_CA_CERTS adds certificates to the usual ones.",
  },
  "ASY-314": {
    means: "The payload is empty: there is nothing to infer from.",
    fix: "Send a payload with something in it; look at what was to write it.",
  },
} as const satisfies ProblemTable;
