// Elements of `self->` and associative arrays that are held by address, in generated code: their
// table holds the addresses of blocks of memory.
import type { NumCells } from './cells.js'
import type { Address, Memory } from './memory.js'

/** An element that is to have a block: its row, the one that was added because it had none (both
 *  below 0 where there is no such row), the bytes of a block. */
export type Block = readonly [cells: NumCells, found: number, added: number, size: number]

/** The address of an element's block, taken if need be; 0 when there is no room for it. */
export function blockOf(memory: Memory, ...[cells, found, added, size]: Block): number {
  if (found >= 0) return cells.get(found)
  if (added >= 0) return cells.put(added, memory.takeBlock(size))
  cells.drop()
  return 0
}

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
    cells.drop()
    return 0
  }
  const block = found < 0 ? cells.put(added, memory.takeBlock(size)) : held
  memory.copy(block, from, size)
  return block
}
