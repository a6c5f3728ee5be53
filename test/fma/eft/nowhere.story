# No such part.
> ereport.x.core chip7/core0
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip7/core0: the part that ereport.x.core@motherboard0/chip7/core0 is about is not in the topology
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip7/core0: the part that ereport.x.core@motherboard0/chip7/core0 is about is not in the topology
# A part that the class is not about.
> ereport.x.core chip0
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip0: no rule knows this class at such a part: ereport.x.core@motherboard0/chip0
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip0: no rule knows this class at such a part: ereport.x.core@motherboard0/chip0
# A part that no rule can hold of.
> ereport.x.never chip0/core0
case of 1
  50 % defect.sunos.eft.unexpected_telemetry@motherboard0/chip0/core0: the rules that lead to ereport.x.never@motherboard0/chip0/core0 find no parts in this topology
  50 % fault.sunos.eft.unexpected_telemetry@motherboard0/chip0/core0: the rules that lead to ereport.x.never@motherboard0/chip0/core0 find no parts in this topology
# Whoever wrote the rules does not mind.
> ereport.x.dropped chip7/core0
