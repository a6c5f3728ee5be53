> ereport.x.a chip0/core0 bank=4
> wait 3
> restart
> ereport.x.b chip0/core0
> restart
> ereport.x.a chip0/core0 bank=4
> wait 4.9
> restart
> ereport.x.b chip0/core0
case of 3
  100 % fault.x.twice@motherboard0/chip0/core0
# What it waits for does not come: the time goes on from where it was.
> ereport.x.a chip0/core1 bank=4
> wait 4
> restart
> wait 0.999
> wait 0.001
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip0/core1: all hypotheses were disproved
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip0/core1: all hypotheses were disproved
