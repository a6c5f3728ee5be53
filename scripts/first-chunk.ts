// What the prompt needs, in one chunk of the bundle. The build has every file import this one: so nothing
// that the prompt needs is shared by some files alone, and none of it becomes a chunk of its own.
import '../src/cli/shell.js'
import '../src/cli/context.js'
import '../src/cli/dom0-names.js'
import '../src/cli/exit-status.js'
import '../src/cli/output.js'
import '../src/config/config.js'
