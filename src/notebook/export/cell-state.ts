// What is known of a stored output by looking alone: whether it is of the cell above it as that is
// now.

/** The state of a cell's stored output. `silent`: it prints nothing, and is up to date. */
export type CellState = 'fresh' | 'stale' | 'silent' | 'never' | 'out-of-order'
