// Stops this process as Ctrl-Z does; it goes on when whoever started it says so (fg).
//
// Holds: the signal comes from outside. `process.kill` with a deadly signal for the own process
// runs what is to be done at its end first, and evaluates nothing afterwards.
// Source: Node's src/node_process_methods.cc (Kill, RunAtExit).
import { spawnSync } from 'node:child_process'

/** Stops this process; returns when it goes on. */
export function stopProcess(): void {
  spawnSync('/bin/sh', ['-c', `kill -TSTP ${process.pid}`])
}
