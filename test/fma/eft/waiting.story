# a alone: `both` still may show b until 5 s, `one` may show c until 20 s.
> ereport.x.a chip0/core0
> wait 4.999
# At 5 s `both` is disproved; `one` goes on waiting.
> wait 0.001
> wait 14.999
> wait 0.001
case of 1
  100 % fault.x.one@motherboard0/chip0/core0
# a and b: only `both` explains both, and it waits for nothing more.
> ereport.x.a chip0/core1
> ereport.x.b chip0/core1
case of 2
  100 % fault.x.both@motherboard0/chip0/core1
# b alone is nothing that any fault explains: it must show a as well.
> ereport.x.b chip1/core0
> wait 5
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip1/core0: all hypotheses were disproved
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip1/core0: all hypotheses were disproved
> why
  ereport ereport.x.b@motherboard0/chip1/core0  disproved: all hypotheses were disproved
    ereport ereport.x.b@motherboard0/chip1/core0  seen
      fault fault.x.both@motherboard0/chip1/core0  disproved: not enough of what it must cause was seen
        ereport ereport.x.a@motherboard0/chip1/core0  not-seen
        ereport ereport.x.b@motherboard0/chip1/core0  seen
