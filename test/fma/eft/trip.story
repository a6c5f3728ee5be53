> ereport.x.glitch chip0/core0
> wait 30
> ereport.x.glitch chip0/core0
> wait 30
# The third in a minute. The case that it opened ends silently, the one of the trip is this:
> ereport.x.glitch chip0/core0
case of 3
  100 % fault.x.worn@motherboard0/chip0/core0
> why
  ereport ereport.x.glitch@motherboard0/chip0/core0  seen
    ereport ereport.x.often@motherboard0/chip0/core0  seen: it came too
    error error.x.worn@motherboard0/chip0/core0  credible
      fault fault.x.worn@motherboard0/chip0/core0  suspect
        ereport ereport.x.often@motherboard0/chip0/core0  seen
        ereport ereport.x.glitch@motherboard0/chip0/core0  seen
    upset upset.x.glitch@motherboard0/chip0/core0  disproved: it does not explain ereport.x.often@motherboard0/chip0/core0
      ereport ereport.x.glitch@motherboard0/chip0/core0  seen
      ereport ereport.x.often@motherboard0/chip0/core0  seen: it was seen, and this does not cause it
# It begins from nothing again.
> ereport.x.glitch chip0/core0
> ereport.x.glitch chip0/core0
