import type { ProblemTable } from "./table";

/** ASY-5nn. */
export const rehearsalProblems = {
  "ASY-501": {
    means: "A folder does not describe a container image.",
    fix: "Correct its container.json.",
  },
  "ASY-530": {
    means: "A listener that stands for a subscriber is not on this machine.",
    fix: "Name an http URL on 127.0.0.1, ::1 or localhost: a rehearsal sends nothing anywhere else.",
  },
  "ASY-540": {
    means: "The port is taken.",
    fix: "Name another port, or 0 for any free one.",
  },
  "ASY-541": {
    means: "Something is to be assumed that the rehearsal does not know.",
    fix: "Use a name of the table in docs/REHEARSAL.md.",
  },
  "ASY-542": {
    means: "What the rehearsal is to assume cannot be.",
    fix: "Give a value as the message says; docs/REHEARSAL.md tells what each means.",
  },
  "ASY-546": {
    means: "Docker is to run images, and does not answer.",
    fix: "Start docker and look whether `docker version` tells a server, or leave --docker out.",
  },
  "ASY-560": {
    means: "The program registers a resource type that the rehearsal does not play.",
    fix: "Leave the resource out of what is rehearsed, or deploy it to AWS to try it.",
  },
  "ASY-561": {
    means: "The program calls a function of the AWS provider that the rehearsal does not play.",
    fix: "Give the value as a setting instead, or deploy to AWS to try it.",
  },
  "ASY-562": {
    means: "An input of a resource is one that AWS's provider would refuse.",
    fix: "Change the property that the message names.",
  },
  "ASY-563": {
    means: "A resource uses a property that the rehearsal does not play.",
    fix: "Leave the property out of what is rehearsed, or deploy to AWS to try it.",
  },
  "ASY-564": {
    means: "An id given to `pulumi import` has not the form of its resource type.",
    fix: "Give the id in the form that the message shows.",
  },
  "ASY-565": {
    means: "A file that the program hands over cannot be read.",
    fix: "Check the path; it starts from the folder of the program.",
  },
  "ASY-566": {
    means: "The AWS provider is configured without a region.",
    fix: "Set it with `pulumi config set aws:region`, e.g. to eu-west-1.",
  },
  "ASY-570": {
    means: "Another rehearsal serves from the folder that should keep the state.",
    fix: "End the other one, or name another folder with --state.",
  },
  "ASY-571": {
    means: "The folder that keeps the state was changed by something else than a rehearsal, so it cannot be trusted.",
    fix: "Bring the folder back from a copy, or name a new one with --state.",
  },
  "ASY-572": {
    means: "The folder for the state cannot be used for that.",
    fix: "Name a folder of its own with --state, one that does not exist yet or is empty.",
  },
  "ASY-573": {
    means: "The folder that keeps the state was written by another version.",
    fix: "Serve it with that version, or name a new folder with --state.",
  },
  "ASY-580": {
    means: "A file of faults cannot be read.",
    fix: "Check the path; it is YAML or JSON, as docs/FAULTS.md shows.",
  },
  "ASY-581": {
    means: "A fault says something that it cannot mean.",
    fix: "Change the value; docs/FAULTS.md has every fault with an example.",
  },
  "ASY-582": {
    means: "A fault has a key that its kind does not know.",
    fix: "Correct the key, or leave it out.",
  },
  "ASY-583": {
    means: "A fault contradicts itself.",
    fix: "Leave one of the two out, or make two faults of it.",
  },
  "ASY-584": {
    means: "A fault is to happen where nothing is: it would never strike.",
    fix: "Correct the region or the operation.",
  },
  "ASY-585": {
    means: "The speed of a rehearsal is none.",
    fix: "Say fast, real, or how many seconds of the rehearsal's go by in one of the wall clock's.",
  },
} as const satisfies ProblemTable;
