// PageLimit: how many pages a system gives up for errors before it keeps the others.
//
//   8 GiB  ->  2097 pages: 10 basis points of memory
//
// Source: illumos usr/src/uts/common/vm/page_retire.c (max_pages_retired_bps).

const PAGE_BYTES = 4096

/** So many pages of a memory. */
export function mostPagesRetired(memoryBytes: number): number {
  return Math.floor((memoryBytes / PAGE_BYTES) * (10 / 10_000))
}
