# 300 and 100 of 400; the page is by itself. The board might show more, for a second.
> ereport.x.ue chip0
> wait 1
case of 1
  25 % fault.x.board@motherboard0/chip0
  75 % fault.x.dimm@motherboard0/chip0
case of 1
  nobody is told
  100 % fault.x.page@motherboard0/chip0
# No page was found there: the board.
> ereport.x.more chip1
> wait 1
case of 1
  100 % fault.x.board@motherboard0/chip1
# All of it is known already, and no case of its own; but the page counts.
> ereport.x.ue chip0
> wait 1
# Two pages: the slot.
> ereport.x.more chip0
case of 1
  100 % fault.x.slot@motherboard0/chip0
> why
  ereport ereport.x.more@motherboard0/chip0  seen
    fault fault.x.slot@motherboard0/chip0  suspect
      constraint count(stat.x.pages@chip) >= 2  holds (count(stat.x.pages@chip) is 2)
      ereport ereport.x.more@motherboard0/chip0  seen
    fault fault.x.board@motherboard0/chip0  disproved: a condition of it does not hold
      constraint count(stat.x.pages@chip) < 2  fails (count(stat.x.pages@chip) is 2)
