// A question to whoever sits at the terminal, answered with one key.
//
//   'Run them? [y/N] '  ->  y is yes; every other key, Ctrl-C and the end of input are no
//
// Holds: whoever read the terminal before reads it again afterwards, its mode as it was, and sees
// nothing of the answer.
import { setRaw } from '../shell/prompt.js'

/** Whether there is somebody to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks, on standard error. */
export async function isAgreed(question: string): Promise<boolean> {
  const { stdin, stderr } = process
  const others = stdin.rawListeners('data')
  const wasRaw = stdin.isRaw
  stdin.removeAllListeners('data')
  setRaw(stdin, true)
  stderr.write(question)
  const key = await new Promise<string>((resolve) => {
    stdin.once('data', (bytes: Buffer | string) => resolve(bytes.toString()))
    stdin.once('end', () => resolve(''))
    stdin.resume()
  })
  stdin.pause()
  stdin.removeAllListeners('data')
  setRaw(stdin, wasRaw)
  for (const other of others) stdin.on('data', other as (bytes: Buffer) => void)
  const isYes = /^y/i.test(key)
  stderr.write(isYes ? 'y\n' : 'n\n')
  return isYes
}
