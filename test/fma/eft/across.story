# One core: the chip would show in two of them within a second.
> ereport.x.hot chip0/core0
> wait 1
case of 1
  100 % fault.x.core@motherboard0/chip0/core0
# Two cores of one chip: no fault of one core explains both.
> ereport.x.hot chip1/core0
> ereport.x.hot chip1/core1
case of 2
  100 % fault.x.chip@motherboard0/chip1
> why
  ereport ereport.x.hot@motherboard0/chip1/core0  seen
    ereport ereport.x.hot@motherboard0/chip1/core1  seen: it came too
    fault fault.x.chip@motherboard0/chip1  suspect
      ereport ereport.x.hot@motherboard0/chip1/core0  seen
      ereport ereport.x.hot@motherboard0/chip1/core1  seen
    fault fault.x.core@motherboard0/chip1/core0  disproved: it does not explain ereport.x.hot@motherboard0/chip1/core1
      ereport ereport.x.hot@motherboard0/chip1/core0  seen
      ereport ereport.x.hot@motherboard0/chip1/core1  seen: it was seen, and this does not cause it
# Cores of two chips at once are two problems.
> wait 60
> ereport.x.hot chip0/core1
> ereport.x.hot chip1/core1
> wait 1
case of 1
  100 % fault.x.core@motherboard0/chip0/core1
case of 1
  100 % fault.x.core@motherboard0/chip1/core1
