provider web { probe hit(int n); };
provider web { probe hit(int n); };
provider web { probe hit(string s); };
provider web { probe miss(int n); };
provider xpv { probe never__heard__of(); };
