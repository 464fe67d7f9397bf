import { keyTypes } from "../../../policies/security-resources";
import { a } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("keys-rotate", [
  ["a key that rotates", a(keyTypes.key, { enableKeyRotation: true }), "complies"],
  ["a key that says nothing", a(keyTypes.key, {}), /^enableKeyRotation is not true/],
  ["a key that does not", a(keyTypes.key, { enableKeyRotation: false }), /^enableKeyRotation is not true/],
  ["a key pair", a(keyTypes.key, { customerMasterKeySpec: "RSA_4096" }), "not applicable"],
  ["a key in a key store", a(keyTypes.key, { customKeyStoreId: "cks-1" }), "not applicable"],
  ["an unknown rotation", a(keyTypes.key, { enableKeyRotation: unknown }), "unknown"],
]);
