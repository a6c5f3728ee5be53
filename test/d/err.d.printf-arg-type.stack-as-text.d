BEGIN { @[stack()] = count(); printa("%s", @); }
