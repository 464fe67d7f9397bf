import { type PageAsked, pageOf } from "../paging";

/** What SageMaker's listings may be asked for: filters, order and page, one shape for models, configurations and endpoints. */
export interface ListingAsked {
  readonly NameContains?: string | undefined;
  readonly CreationTimeBefore?: Date | undefined;
  readonly CreationTimeAfter?: Date | undefined;
  readonly LastModifiedTimeBefore?: Date | undefined;
  readonly LastModifiedTimeAfter?: Date | undefined;
  readonly StatusEquals?: string | undefined;
  readonly SortBy?: string | undefined;
  readonly SortOrder?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

interface Listed {
  readonly name: string;
  readonly createdMs: number;
  readonly modifiedMs?: number;
  readonly status?: string | undefined;
}

/** SageMaker API reference, ListEndpoints, read 2026-11-25. */
export const endpointsPerPage = 10;
const pageSizeMax = 100;

/** The page of `all` that was asked for; by default the newest first, as SageMaker's reference says. */
export function listing<Item extends Listed>(
  all: Iterable<Item>,
  asked: ListingAsked,
  perPage: number,
): { readonly items: Item[]; readonly next?: string } {
  const found = [...all].filter((item) => fits(item, asked)).sort(orderOf(asked));
  const page: PageAsked = {
    size: Math.min(asked.MaxResults ?? perPage, pageSizeMax),
    token: asked.NextToken,
    invalidToken: "ValidationException",
  };
  return pageOf(found, ({ name }) => name, page);
}

function fits({ name, createdMs, modifiedMs = createdMs, status }: Listed, asked: ListingAsked): boolean {
  const within = (ms: number, after: Date | undefined, before: Date | undefined): boolean =>
    ms >= (after?.getTime() ?? Number.NEGATIVE_INFINITY) && ms < (before?.getTime() ?? Number.POSITIVE_INFINITY);
  return (
    name.includes(asked.NameContains ?? "") &&
    within(createdMs, asked.CreationTimeAfter, asked.CreationTimeBefore) &&
    within(modifiedMs, asked.LastModifiedTimeAfter, asked.LastModifiedTimeBefore) &&
    (asked.StatusEquals === undefined || asked.StatusEquals === status)
  );
}

function orderOf({ SortBy, SortOrder }: ListingAsked): (left: Listed, right: Listed) => number {
  const direction = SortOrder === "Ascending" ? 1 : -1;
  const byName = (left: Listed, right: Listed): number => compare(left.name, right.name);
  const by =
    SortBy === "Name"
      ? byName
      : SortBy === "Status"
        ? (left: Listed, right: Listed) => compare(left.status ?? "", right.status ?? "") || byName(left, right)
        : (left: Listed, right: Listed) => left.createdMs - right.createdMs || byName(left, right);
  return (left, right) => direction * by(left, right);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
