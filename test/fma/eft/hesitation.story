> ereport.x.a chip0/core0
> wait 9.999
> wait 0.001
case of 1
  100 % fault.x.may@motherboard0/chip0/core0
# Both come: now the one that must show both holds as well. 300 and 100 of 400.
> ereport.x.a chip0/core1
> ereport.x.b chip0/core1
case of 2
  75 % fault.x.may@motherboard0/chip0/core1
  25 % fault.x.must@motherboard0/chip0/core1
