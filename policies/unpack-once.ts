type Unpack = (properties: object, keepSecrets: boolean) => unknown;

/**
 * Lets the SDK unpack a resource's properties once, and not once for each rule that looks at it: with some ninety rules
 * and a thousand resources that is most of the time and the memory a verdict costs. Rules only read what they are given.
 * What is unpacked for remediation, with its secrets, is handed over to be changed and stays as it was.
 */
export function unpackOnce(sdk: { deserializeProperties: Unpack } = require("@pulumi/policy/deserialize")): void {
  const unpack = sdk.deserializeProperties;
  const unpacked = new WeakMap<object, unknown>();
  sdk.deserializeProperties = (properties, keepSecrets) => {
    if (keepSecrets || properties === undefined) return unpack(properties, keepSecrets);
    let known = unpacked.get(properties);
    if (known === undefined) {
      known = unpack(properties, keepSecrets);
      unpacked.set(properties, known);
    }
    return known;
  };
}
