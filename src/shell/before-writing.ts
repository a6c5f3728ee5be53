// What is done before anybody writes to a stream: something shown for the moment is taken away.
//
// Holds: whoever is first to come does not keep others from it, and the stream has its own `write`
// back once nobody waits.

/** Told what is about to be written. */
type First = (chunk: unknown) => void

/** A stream that somebody waits at. */
interface Watched {
  readonly own: NodeJS.WritableStream['write']
  readonly firsts: Set<First>
}

const watched = new Map<NodeJS.WritableStream, Watched>()

/** Has `first` done before each write to a stream; yields what ends that. */
export function beforeWriting(stream: NodeJS.WritableStream, first: First): () => void {
  const { firsts } = watched.get(stream) ?? watch(stream)
  firsts.add(first)
  return () => {
    const now = watched.get(stream)
    if (now === undefined || !now.firsts.delete(first) || now.firsts.size > 0) return
    stream.write = now.own
    watched.delete(stream)
  }
}

function watch(stream: NodeJS.WritableStream): Watched {
  const own = stream.write
  const firsts = new Set<First>()
  stream.write = ((...words: Parameters<typeof own>) => {
    for (const first of [...firsts]) first(words[0])
    return own.apply(stream, words)
  }) as typeof own
  const made = { own, firsts }
  watched.set(stream, made)
  return made
}
