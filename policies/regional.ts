/** Services whose resources AWS keeps for the whole account. */
const globalServices = new Set(["iam", "route53", "cloudfront", "organizations", "budgets", "index", "account"]);

/** Whether a resource of this type lies in one region. */
export function isRegional(type: string): boolean {
  const service = /^aws:([^/:]+)/.exec(type)?.[1];
  return service !== undefined && !globalServices.has(service);
}
