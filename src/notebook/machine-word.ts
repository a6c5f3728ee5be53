// Machine words: what `--machine` takes that is no path.

/** Whether it names a kind of machine. A file called sim is ./sim. */
export function isMachineWord(spec: string): boolean {
  return /^(sim([:,]|$)|live$|ssh:\/\/)/.test(spec)
}
