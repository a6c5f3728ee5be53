// Elements of `self->` and associative arrays that are held by address, in generated code: their
// table holds the addresses of blocks of memory.
import type { NumCells } from './cells.js'
import type { Address, Memory } from './memory.js'

/** What is copied where: the row that an element has, the one that was added because it had none
 *  (both below 0 where there is no such row), the address of the bytes, how many. */
export type BlockCopy = readonly [
  cells: NumCells,
  found: number,
  added: number,
  from: Address,
  size: number,
]

/** Copies bytes into an element, for which a block is taken if need be. Copying from address 0
 *  frees it. Yields the block's address, 0 when there is none. */
export function copyBlock(memory: Memory, ...[cells, found, added, from, size]: BlockCopy): number {
  const held = cells.get(found)
  if (Number(from) === 0) {
    if (held !== 0) memory.freeBlock(held, size)
    cells.put(found, 0)
    return 0
  }
  if (found < 0 && added < 0) {
    cells.drops++
    return 0
  }
  const block = found < 0 ? cells.put(added, memory.takeBlock(size)) : held
  memory.copy(block, from, size)
  return block
}
