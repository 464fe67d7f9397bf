import type { PageAsked } from "../paging";

/** The page sizes of Application Auto Scaling's listings (its API reference, read 2026-11-25): 10 policies, 50 of everything else. */
export const policiesPageSize = 10;
const pageSizeDefault = 50;

export function pageAsked(
  asked: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
  most = pageSizeDefault,
): PageAsked {
  return {
    size: Math.min(asked.MaxResults ?? most, most),
    token: asked.NextToken,
    invalidToken: "InvalidNextTokenException",
  };
}
