// Strays: what fails in the background of a cell, in a timer or a promise that nobody awaits.
//
//   setTimeout(() => { throw new Error('late') }, 10); await ...    the cell that runs has failed
//
// Holds: a stray never ends the process with Node's own words.

/** What strays are told to: `fail` says whether a cell was running. */
export interface StrayHost {
  fail(thrown: unknown): boolean
}

/** Makes strays failures of the running cell; those that come between cells go to `report`. Yields
 *  what ends that. */
export function catchStrays(host: StrayHost, report: (thrown: unknown) => void): () => void {
  const stray = (thrown: unknown): void => {
    if (!host.fail(thrown)) report(thrown)
  }
  process.on('uncaughtException', stray)
  process.on('unhandledRejection', stray)
  return () => {
    process.off('uncaughtException', stray)
    process.off('unhandledRejection', stray)
  }
}
