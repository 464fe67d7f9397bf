/**
 * Whether an instance type keeps its data on a local NVMe drive. Such a type takes neither a volume size nor a volume
 * key: the drive is encrypted by its hardware (SageMaker's model, CreateEndpointConfig.KmsKeyId, read 2026-10-01).
 *
 * Judged by the family's name: a `d` behind the generation (m5d, c6gd, g4dn), the g5, g6, gr6 and g6e families, p4 and
 * p5, trn1 and inf2's training sisters, which all come with drives.
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = instanceType.split(".")[1] ?? "";
  return /^[a-z]+\d+[a-z]*d[a-z]*$/.test(family) || /^(g5|g6|g6e|gr6|p4de?|p5e?n?|trn1n?|trn2)$/.test(family);
}
