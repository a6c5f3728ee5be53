xpv::: { @[stack()] = count(); }
