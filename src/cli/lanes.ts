// Lanes: work on many things side by side.
//
//   [a, b, c, d], 2 lanes  ->  a and b begin; c when one of them is done ...
//
// Holds: results come in the order of the things, each as soon as it and those before it are there.

/** Begins the work on each thing when a lane is free. A failure is told to whoever awaits it. */
export function inLanes<T, R>(
  things: readonly T[],
  lanes: number,
  work: (thing: T) => Promise<R>,
): readonly Promise<R>[] {
  const queue: (() => void)[] = []
  let free = lanes
  const enter = async (): Promise<void> => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => queue.push(resolve))
  }
  const leave = (): void => {
    const next = queue.shift()
    if (next === undefined) free += 1
    else next()
  }
  return things.map((thing) => {
    const done = enter()
      .then(() => work(thing))
      .finally(leave)
    done.catch(() => {})
    return done
  })
}
