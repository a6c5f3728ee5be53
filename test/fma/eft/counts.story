# Two causes must hold of the short, and the second way to the supply is not gone.
> ereport.x.trip chip0/core0
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip0/core0: all hypotheses were disproved
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip0/core0: all hypotheses were disproved
# All causes is as many as there are, and one is enough: both, when nothing more has come for 10 s.
> ereport.x.dark chip1/core0
> wait 10
case of 1
  75 % fault.x.left@motherboard0/chip1/core0
  25 % fault.x.supply@motherboard0/chip1/core0
# The left side alone, at once: neither short nor open has been seen, and they would be by now.
> ereport.x.left chip0/core1
case of 1
  75 % fault.x.left@motherboard0/chip0/core1
  25 % fault.x.supply@motherboard0/chip0/core1
