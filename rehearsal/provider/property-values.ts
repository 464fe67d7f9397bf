import type { Properties, PropertyValue } from "./property";

/** Stands for a value that is not known before the deployment. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const unknownMarkers: ReadonlySet<unknown> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key that tells Pulumi's special objects from ordinary ones; its value tells which. */
export const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const referenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
export const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Which parts of some properties are secret: all of it, or the parts under these keys. */
export type Secrecy = true | { readonly [key: string]: Secrecy };

/** Properties without wrappings, and what of them is secret. */
export interface Opened {
  readonly properties: Properties;
  readonly secrecy: Secrecy;
}

export function isRecord(value: PropertyValue): value is Record<string, PropertyValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a file or an archive handed over by the program. */
export function isAsset(value: PropertyValue): value is Properties {
  return isRecord(value) && (value[signatureKey] === assetSignature || value[signatureKey] === archiveSignature);
}

/** Whether the value, or any part of it, is not known yet. */
export function hasUnknown(value: PropertyValue): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isRecord(value)) return Object.values(value).some(hasUnknown);
  return value === unknownValue;
}

/** Takes secrets, output values and resource references off, and makes every marker of an unknown the same. */
export function open(properties: Properties): Opened {
  const { value, secrecy } = openValue(properties);
  return { properties: isRecord(value) ? value : {}, secrecy: secrecy ?? {} };
}

function openValue(raw: PropertyValue): { value: PropertyValue; secrecy: Secrecy | undefined } {
  if (unknownMarkers.has(raw)) return { value: unknownValue, secrecy: undefined };
  if (Array.isArray(raw)) {
    const parts = raw.map(openValue);
    // A list counts as secret whole: AWS may give it back in another order.
    const secret = parts.some((part) => part.secrecy !== undefined);
    return { value: parts.map((part) => part.value), secrecy: secret ? true : undefined };
  }
  if (!isRecord(raw)) return { value: raw, secrecy: undefined };
  switch (raw[signatureKey]) {
    case secretSignature:
      return { value: openValue(raw.value).value, secrecy: true };
    case outputSignature: {
      const inner = raw.value === undefined ? { value: unknownValue, secrecy: undefined } : openValue(raw.value);
      return { value: inner.value, secrecy: raw.secret === true ? true : inner.secrecy };
    }
    case referenceSignature:
      return { value: raw.id === "" ? unknownValue : openValue(raw.id ?? raw.urn).value, secrecy: undefined };
    case assetSignature:
    case archiveSignature:
      return { value: raw, secrecy: undefined };
  }
  const value: Record<string, PropertyValue> = {};
  const secrecy: Record<string, Secrecy> = {};
  for (const [key, each] of Object.entries(raw)) {
    if (each === undefined || each === null) continue;
    const part = openValue(each);
    value[key] = part.value;
    if (part.secrecy !== undefined) secrecy[key] = part.secrecy;
  }
  return { value, secrecy: Object.keys(secrecy).length === 0 ? undefined : secrecy };
}

/** Wraps what is secret, so that the engine encrypts it and never shows it. */
export function seal(properties: Properties, secrecy: Secrecy): Properties {
  if (secrecy === true) return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, wrap(value)]));
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const part = secrecy[key];
      if (part === undefined) return [key, value];
      return [key, part !== true && isRecord(value) ? seal(value, part) : wrap(value)];
    }),
  );
}

function wrap(value: PropertyValue): PropertyValue {
  return { [signatureKey]: secretSignature, value };
}

/** Everything that is secret in either. */
export function bothSecrecies(one: Secrecy, other: Secrecy): Secrecy {
  if (one === true || other === true) return true;
  const both: Record<string, Secrecy> = { ...one };
  for (const [key, part] of Object.entries(other)) {
    const known = both[key];
    both[key] = known === undefined ? part : bothSecrecies(known, part);
  }
  return both;
}

/** Takes the secret texts out of a message, longest first, so that no error shows one. */
export function withoutSecrets(message: string, opened: Opened): string {
  return secretTexts(opened.properties, opened.secrecy)
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), message);
}

function secretTexts(value: PropertyValue, secrecy: Secrecy | undefined): string[] {
  if (secrecy === undefined) return [];
  if (isRecord(value)) {
    return Object.entries(value).flatMap(([key, part]) => secretTexts(part, secrecy === true ? true : secrecy[key]));
  }
  if (secrecy !== true) return [];
  if (Array.isArray(value)) return value.flatMap((part) => secretTexts(part, true));
  if (value === unknownValue || typeof value === "boolean") return [];
  const shown = String(value);
  // Shorter texts are everywhere in a sentence; taking them out would spoil it and hide nothing.
  return shown.length >= 4 ? [shown] : [];
}
