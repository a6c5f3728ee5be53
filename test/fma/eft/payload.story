# Neither: noise, which is no fault.
> ereport.x.bus chip0
# By number: more than n of them.
> ereport.x.bus chip0 core=1 n=2
> ereport.x.bus chip0 core=1 n=2
> ereport.x.bus chip0 core=1 n=2
case of 1
  100 % fault.x.core@motherboard0/chip0/core1
> why
  ereport ereport.x.bus@motherboard0/chip0  seen
    fault fault.x.core@motherboard0/chip0/core1  suspect
      constraint payloadprop_defined("core") && payloadprop("core") == c && setserdsuffix("_bus") & setserdn(payloadprop("n"))  holds
        constraint payloadprop_defined("core")  holds (payloadprop_defined("core") is 1)
        constraint payloadprop("core") == c  holds (payloadprop("core") is 1, c is 1)
        constraint setserdsuffix("_bus") & setserdn(payloadprop("n"))  holds (setserdsuffix("_bus") is 1, payloadprop("n") is 2, setserdn(payloadprop("n")) is 1)
      serd serd.x.core_bus@motherboard0/chip0/core1  fired: 3 at once, fires on more than 2 in 1h
      ereport ereport.x.bus@motherboard0/chip0  seen
    fault fault.x.core@motherboard0/chip0/core0  disproved: a condition of it does not hold
      constraint payloadprop_defined("core") && payloadprop("core") == c && setserdsuffix("_bus") & setserdn(payloadprop("n"))  fails
        constraint payloadprop_defined("core")  holds (payloadprop_defined("core") is 1)
        constraint payloadprop("core") == c  fails (payloadprop("core") is 1, c is 0)
    fault fault.x.named@motherboard0/chip0/core0  disproved: a condition of it does not hold
      constraint payloadprop_contains("resource", asru(chip/core))  fails (asru(chip/core) is motherboard0/chip0/core0, payloadprop_contains("resource", asru(chip/core)) is 0)
    fault fault.x.named@motherboard0/chip0/core1  disproved: a condition of it does not hold
      constraint payloadprop_contains("resource", asru(chip/core))  fails (asru(chip/core) is motherboard0/chip0/core1, payloadprop_contains("resource", asru(chip/core)) is 0)
    upset upset.x.noise@motherboard0/chip0  disproved: a condition of it does not hold
      constraint !payloadprop_defined("core") && !payloadprop_defined("resource")  fails
        constraint !payloadprop_defined("core")  fails (payloadprop_defined("core") is 1)
# By its path.
> ereport.x.bus chip1 resource=chip1/core0
case of 1
  100 % fault.x.named@motherboard0/chip1/core0
