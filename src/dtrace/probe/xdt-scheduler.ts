// Provider xdt, modules credit, credit2, rtds and null: the records that each scheduler of Xen
// writes on its own (since Xen 4.3 in a class of their own). Names follow xen/common/sched*/.
import { xdtProbes } from './xdt-probe.js'

/** Probes xdt:credit::, ascending by id. */
export const XDT_CREDIT = xdtProbes('credit', [
  [7027, 'sched-tasklet', [0x22001], [], 'the pcpu runs a tasklet instead of a vcpu'],
  [
    7028,
    'account-start',
    [0x22002],
    ['domid', 'vcpu', 'active'],
    'a vcpu begins to be charged for its time',
  ],
  [7029, 'account-stop', [0x22003], ['domid', 'vcpu', 'active'], 'a vcpu is no longer charged'],
  [
    7030,
    'stolen',
    [0x22004],
    ['domid', 'vcpu', 'from_pcpu'],
    'an idle pcpu takes a vcpu from the queue of another',
  ],
  [7031, 'picked-cpu', [0x22005], ['domid', 'vcpu', 'pcpu'], 'a pcpu is chosen for a vcpu'],
  [7032, 'tickle', [0x22006], ['pcpu'], 'a pcpu is asked to reschedule'],
  [7033, 'boost-start', [0x22007], ['domid', 'vcpu'], 'a vcpu that wakes gets ahead of the others'],
  [7034, 'boost-end', [0x22008], ['domid', 'vcpu'], 'a vcpu loses its boost'],
  [7035, 'schedule', [0x22009], ['pcpu', 'tasklet', 'idle'], 'the scheduler picks what runs next'],
  [
    7036,
    'ratelimit',
    [0x2200a],
    ['domid', 'vcpu', 'ran_ns'],
    'a vcpu goes on since it ran too briefly to be preempted',
  ],
  [7037, 'steal-check', [0x2200b], ['pcpu', 'checked'], 'the queue of another pcpu is considered'],
])

/** Probes xdt:credit2::, ascending by id. */
export const XDT_CREDIT2 = xdtProbes('credit2', [
  [7038, 'tick', [0x22201], [], 'the tick of the scheduler'],
  [7039, 'runq-pos', [0x22202], ['domid', 'vcpu', 'position'], 'a vcpu is put into the run queue'],
  [
    7040,
    'credit-burn',
    [0x22203],
    ['domid', 'vcpu', 'credit', 'budget', 'delta'],
    'a vcpu pays for the time it ran',
  ],
  [7041, 'credit-add', [0x22204], [], 'credit is handed out'],
  [
    7042,
    'tickle-check',
    [0x22205],
    ['domid', 'vcpu', 'credit', 'score'],
    'a running vcpu is considered for preemption',
  ],
  [7043, 'tickle', [0x22206], ['pcpu'], 'a pcpu is asked to reschedule'],
  [
    7044,
    'credit-reset',
    [0x22207],
    ['domid', 'vcpu', 'credit_start', 'credit_end'],
    'a vcpu gets new credit since the next one had none',
  ],
  [7045, 'sched-tasklet', [0x22208], [], 'the pcpu runs a tasklet instead of a vcpu'],
  [7046, 'update-load', [0x22209], [], 'load averages are brought up to date'],
  [7047, 'runq-assign', [0x2220a], ['domid', 'vcpu', 'runq'], 'a vcpu is assigned to a run queue'],
  [
    7048,
    'upd-unit-load',
    [0x2220b],
    ['domid', 'vcpu', 'load', 'shift'],
    'the load average of a vcpu is updated',
  ],
  [
    7049,
    'upd-runq-load',
    [0x2220c],
    ['runq', 'load', 'b_load', 'count', 'shift'],
    'the load average of a run queue is updated',
  ],
  [
    7050,
    'tickle-new',
    [0x2220d],
    ['domid', 'vcpu', 'pcpu', 'credit'],
    'a vcpu looks for a pcpu to run on',
  ],
  [
    7051,
    'runq-max-weight',
    [0x2220e],
    ['runq', 'weight'],
    'the largest weight in a run queue changes',
  ],
  [
    7052,
    'migrate',
    [0x2220f],
    ['domid', 'vcpu', 'runq', 'runq_to'],
    'a vcpu moves to another run queue',
  ],
  [
    7053,
    'load-check',
    [0x22210],
    ['runq', 'other_runq', 'delta'],
    'two run queues are compared for balance',
  ],
  [
    7054,
    'load-balance',
    [0x22211],
    ['runq', 'other_runq', 'load', 'b_load'],
    'two run queues are to be balanced',
  ],
  [
    7055,
    'picked-cpu',
    [0x22213],
    ['domid', 'vcpu', 'pcpu', 'runq', 'load'],
    'a pcpu is chosen for a vcpu',
  ],
  [
    7056,
    'runq-candidate',
    [0x22214],
    ['domid', 'vcpu', 'credit', 'tickled_pcpu'],
    'the vcpu that will run next is chosen',
  ],
  [
    7057,
    'schedule',
    [0x22215],
    ['pcpu', 'runq', 'tasklet', 'idle', 'smt_idle', 'tickled'],
    'the scheduler picks what runs next',
  ],
  [
    7058,
    'ratelimit',
    [0x22216],
    ['domid', 'vcpu', 'ran_ns'],
    'a vcpu goes on since it ran too briefly to be preempted',
  ],
  [7059, 'runq-cand-check', [0x22217], ['domid', 'vcpu'], 'a vcpu in the run queue is considered'],
])

/** Probes xdt:rtds::, ascending by id. */
export const XDT_RTDS = xdtProbes('rtds', [
  [7060, 'tickle', [0x22801], ['pcpu'], 'a pcpu is asked to reschedule'],
  [
    7061,
    'runq-pick',
    [0x22802],
    ['domid', 'vcpu', 'deadline', 'budget'],
    'the vcpu with the earliest deadline is picked',
  ],
  [
    7062,
    'budget-burn',
    [0x22803],
    ['domid', 'vcpu', 'budget', 'delta'],
    'a vcpu pays for the time it ran',
  ],
  [
    7063,
    'budget-replenish',
    [0x22804],
    ['domid', 'vcpu', 'deadline', 'budget'],
    'a vcpu gets the budget of its next period',
  ],
  [7064, 'sched-tasklet', [0x22805], [], 'the pcpu runs a tasklet instead of a vcpu'],
  [
    7065,
    'schedule',
    [0x22806],
    ['pcpu', 'tasklet', 'idle', 'tickled'],
    'the scheduler picks what runs next',
  ],
])

/** Probes xdt:null::, ascending by id. */
export const XDT_NULL = xdtProbes('null', [
  [7066, 'picked-cpu', [0x22a01], ['domid', 'vcpu', 'pcpu'], 'a pcpu is found for a vcpu'],
  [7067, 'assign', [0x22a02], ['domid', 'vcpu', 'pcpu'], 'a vcpu gets a pcpu of its own'],
  [7068, 'deassign', [0x22a03], ['domid', 'vcpu', 'pcpu'], 'a vcpu gives up its pcpu'],
  [
    7069,
    'migrate',
    [0x22a04],
    ['domid', 'vcpu', 'pcpu_from', 'pcpu_to'],
    'a vcpu moves to another pcpu',
  ],
  [
    7070,
    'schedule',
    [0x22a05],
    ['domid', 'vcpu', 'pcpu', 'tasklet'],
    'the scheduler picks what runs next',
  ],
  [7071, 'sched-tasklet', [0x22a06], [], 'the pcpu runs a tasklet instead of a vcpu'],
])
