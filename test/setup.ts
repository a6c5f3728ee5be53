// Property tests start from one seed, so that a run can be had again; XPV_SEED picks another one
// (XPV_SEED=random a new one each time). A failure prints the seed it failed with.
import fc from 'fast-check'

const chosen = process.env['XPV_SEED'] ?? '20071210'
if (chosen !== 'random') fc.configureGlobal({ seed: Number(chosen) })
